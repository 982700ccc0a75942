import { run, runOne, type Database, type Tx } from '@openprm/postgres';
import type { Candidate } from '../domain/conflict';
import type { DealState } from '../domain/deal';
import type { ProtectionState } from '../domain/protection';

/** From here to the commit nobody else approves, submits or imports for a customer with one of these keys. */
export async function lockCustomers(tx: Tx, keys: readonly string[]): Promise<void> {
  await run(tx, 'select lock_customers($1::text[])', [keys]);
}

interface CandidateRow {
  deal_id: string | null;
  opportunity_id: string | null;
  number: string;
  partner_id: string | null;
  partner_name: string | null;
  same_hierarchy: boolean;
  type: string;
  state: DealState | 'OPEN';
  customer_keys: string[];
  families: string[];
  country: string;
  first_complete_at: Date | null;
  protection_state: ProtectionState | null;
  protection_end: Date | null;
  updated_at: Date;
}

const toCandidate = (row: CandidateRow): Candidate => ({
  dealId: row.deal_id,
  dealNumber: row.number,
  opportunityId: row.opportunity_id,
  partnerId: row.partner_id,
  partnerName: row.partner_name ?? '',
  sameHierarchy: row.same_hierarchy,
  type: row.type,
  state: row.state,
  keys: row.customer_keys,
  families: row.families,
  country: row.country,
  firstCompleteTime: row.first_complete_at,
  protectionState: row.protection_state,
  protectionEnd: row.protection_end,
  updateTime: row.updated_at,
});

// The oldest claims come first where there are absurdly many: who is ahead matters, the tail of the line does not.
const AT_MOST = 200;

/** Records that share a key with the claim of `partnerId`: live ones, and what ended within the cool-down; one statement. */
export async function findCandidates(
  on: Database | Tx,
  keys: readonly string[],
  partnerId: string,
  endedSince: Date,
): Promise<Candidate[]> {
  const rows = await run<CandidateRow>(
    on,
    `with met as materialized (
       select c.owner_id, c.owner_kind, array_agg(distinct c.family) as families, min(c.country) as country
       from customer_claims c where c.owner_id in (select k.owner_id from customer_claims k where k.customer_key = any($1::text[])) group by 1, 2)
     select d.id as deal_id, null::uuid as opportunity_id, d.number, d.partner_id, p.name as partner_name,
       exists (select 1 from access_ancestry a join access_ancestry b on b.ancestor_id = a.ancestor_id where a.descendant_id = d.partner_id and b.descendant_id = $2) and d.partner_id <> $2 as same_hierarchy,
       d.type, d.state, d.customer_keys, met.families, met.country, d.first_complete_at, d.protection->>'state' as protection_state, (d.protection->>'end')::timestamptz as protection_end, d.updated_at
     from met join deals d on d.id = met.owner_id left join access_partners p on p.id = d.partner_id
     where met.owner_kind = 'DEAL' and (d.state in ('SUBMITTED', 'IN_REVIEW', 'INFO_REQUESTED') or d.protection->>'state' = 'ACTIVE' or (d.protection is not null and d.updated_at >= $3))
     union all
     select null, o.id, o.number, null, null, false, o.type, 'OPEN', o.customer_keys, met.families, met.country, o.created_at, null, null, o.updated_at
     from met join opportunities o on o.id = met.owner_id where met.owner_kind = 'OPPORTUNITY'
     order by first_complete_at nulls last limit ${AT_MOST}`,
    [keys, partnerId, endedSince],
  );
  return rows.map(toCandidate);
}

/** Holders of an active protection under any of the keys, for an import of many deals at once; one statement. */
export async function findHolders(tx: Tx, keys: readonly string[]): Promise<Candidate[]> {
  const rows = await run<CandidateRow>(
    tx,
    `with met as materialized (
       select c.owner_id, array_agg(distinct c.family) as families, min(c.country) as country
       from customer_claims c where c.active and c.owner_id in (select k.owner_id from customer_claims k where k.active and k.customer_key = any($1::text[])) group by 1)
     select d.id as deal_id, null::uuid as opportunity_id, d.number, d.partner_id, p.name as partner_name, false as same_hierarchy,
       d.type, d.state, d.customer_keys, met.families, met.country, d.first_complete_at, d.protection->>'state' as protection_state, (d.protection->>'end')::timestamptz as protection_end, d.updated_at
     from met join deals d on d.id = met.owner_id left join access_partners p on p.id = d.partner_id`,
    [keys],
  );
  return rows.map(toCandidate);
}

/** Counts a conflict check of today. Null when the day's checks are used up, else how many are left. */
export async function countCheck(on: Database | Tx, principal: string, now: Date, perDay: number): Promise<number | null> {
  const row = await runOne<{ count: number }>(
    on,
    `insert into conflict_checks as c (principal, day, count) values ($1, $2, 1)
     on conflict (principal, day) do update set count = c.count + 1 where c.count < $3 returning count`,
    [principal, now.toISOString().slice(0, 10), perDay],
  );
  return row ? perDay - row.count : null;
}
