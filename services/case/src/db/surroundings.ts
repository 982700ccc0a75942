import { Params, scopeSql, type Scope } from '@openprm/access';
import { runOne, type Tx } from '@openprm/postgres';
import type { RelationOwner, SellingModel, SupportLevel } from '../domain/configuration';

export interface AskedFor {
  partnerId: string;
  customerId: string | null;
  dealId: string | null;
  followsCaseId: string | null;
}

/** What is known around a case that is to be opened; null members were asked for and are not there for this caller. */
export interface Found {
  number: string;
  name: string;
  state: string;
  country: string;
  tier: string;
  supportLevel: SupportLevel;
  relationshipManager: { personId: string; name: string } | null;
  customer: { name: string; relationOwner: RelationOwner } | null;
  deal: { sellingModel: SellingModel | null } | null;
  followsCase: boolean;
}

interface FoundRow {
  number: string;
  name: string;
  state: string;
  country: string;
  tier: string | null;
  support_level: SupportLevel | null;
  manager_id: string | null;
  manager_name: string | null;
  customer_name: string | null;
  relation_owner: RelationOwner | null;
  deal_id: string | null;
  deal_model: SellingModel | null;
  follows_id: string | null;
}

/**
 * The partner within scope with all that bears on a new case; one statement, which also draws the number. Null when there is no such
 * partner for the caller. A customer counts when it is the partner's, or the partner has a deal with it, or the enterprise asks.
 */
export async function findSurroundings(tx: Tx, scope: Scope, asked: AskedFor, anyCustomer: boolean): Promise<Found | null> {
  const params = new Params();
  const partner = params.add(asked.partnerId);
  const mine = anyCustomer
    ? 'true'
    : `(${scopeSql(scope, 'u.partner_id', params)} or exists (select from deals e where e.customer_id = u.id and e.partner_id = p.id))`;
  const row = await runOne<FoundRow>(
    tx,
    `select 'CS-' || lpad(nextval('case_numbers')::text, 6, '0') as number, p.name, p.state, p.country, s.tier, s.support_level,
       p.relationship_manager_id as manager_id,
       (select m.name from access_memberships m where m.person_id = p.relationship_manager_id and m.state = 'ACTIVE' limit 1) as manager_name,
       u.name as customer_name, u.relation_owner, d.id as deal_id, d.selling_model as deal_model, f.id as follows_id
     from access_partners p
     left join partnerships s on s.partner_id = p.id
     left join customers u on u.id = ${params.add(asked.customerId)}::uuid and ${mine}
     left join deals d on d.id = ${params.add(asked.dealId)}::uuid and d.partner_id = p.id
     left join cases f on f.id = ${params.add(asked.followsCaseId)}::uuid and f.partner_id = p.id
     where p.id = ${partner}::uuid and p.kind = 'EXTERNAL' and ${scopeSql(scope, 'p.id', params)}`,
    params.values,
  );
  return row && toFound(row);
}

const toFound = (row: FoundRow): Found => ({
  number: row.number,
  name: row.name,
  state: row.state,
  country: row.country,
  tier: row.tier ?? '',
  supportLevel: row.support_level ?? 'email',
  relationshipManager: row.manager_id && row.manager_name ? { personId: row.manager_id, name: row.manager_name } : null,
  customer: row.customer_name !== null && row.relation_owner ? { name: row.customer_name, relationOwner: row.relation_owner } : null,
  deal: row.deal_id ? { sellingModel: row.deal_model } : null,
  followsCase: row.follows_id !== null,
});

/** A person who may be given a case: active staff of the partner, or of the enterprise with a role that works on cases. */
export async function findWorker(tx: Tx, personId: string, partnerId: string | null): Promise<{ personId: string; name: string } | null> {
  const row = await runOne<{ person_id: string; name: string }>(
    tx,
    `select m.person_id, m.name from access_memberships m join access_partners p on p.id = m.partner_id
     where m.person_id = $1 and m.state = 'ACTIVE' and case when $2::uuid is null
       then p.kind = 'INTERNAL' and m.role in ('SUPPORT_AGENT', 'RELATIONSHIP_MANAGER', 'ENTERPRISE_ADMIN')
       else m.partner_id = $2::uuid or (m.role <> 'PARTNER_ASSOCIATE' and m.include_descendants and exists
         (select from access_ancestry a where a.ancestor_id = m.partner_id and a.descendant_id = $2::uuid)) end
     limit 1`,
    [personId, partnerId],
  );
  return row && { personId: row.person_id, name: row.name };
}
