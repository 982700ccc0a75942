import { EnrolmentState, type Partnership } from '@openprm/contracts/programsegment';
import { run, type Tx } from '@openprm/postgres';

export async function copyPartnership(tx: Tx, partnership: Partnership): Promise<void> {
  const active = partnership.enrolments.filter((each) => each.state === EnrolmentState.ACTIVE);
  // The highest tier over all programs: a partner is trusted as far as its best program trusts it.
  const best = active.filter((each) => each.tier).sort((left, right) => right.tierRank - left.tierRank)[0];
  await run(
    tx,
    `insert into ref_partnerships (partner_id, enrolled, tier, catalog_scope, max_discount_basis_points, version) values ($1, $2, $3, $4, $5, $6)
     on conflict (partner_id) do update set enrolled = excluded.enrolled, tier = excluded.tier, catalog_scope = excluded.catalog_scope,
       max_discount_basis_points = excluded.max_discount_basis_points, version = excluded.version
     where ref_partnerships.version < excluded.version`,
    [
      partnership.partnerId,
      active.length > 0,
      best?.tier ?? null,
      (partnership.entitlements['catalog.scope'] ?? 'standard').toLowerCase(),
      basisPoints(partnership.entitlements['quote.maxDiscountPct']),
      partnership.version,
    ],
  );
}

/** `7.5` per cent is 750; nothing readable is no discount at all. */
function basisPoints(percent: string | undefined): number {
  const value = Math.round(Number(percent ?? '0') * 100);
  return Number.isFinite(value) ? value : 0;
}
