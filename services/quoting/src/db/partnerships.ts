import { EnrolmentState, type EnrolmentSummary, type Partnership } from '@openprm/contracts/programsegment';
import { fromGoogleMoney } from '@openprm/money';
import { run, toJson, type Tx } from '@openprm/postgres';
import { percentToBps, toCatalogScope, toPriceRule } from '../domain/catalog';
import { DEFAULT_VALIDITY_DAYS } from '../domain/quote-life';
import type { ProgramTerms } from '../domain/facts';

/** Keeps what quoting needs of a partner's programs; an older event never overwrites a newer one. */
export async function copyPartnership(tx: Tx, partnership: Partnership): Promise<void> {
  const active = partnership.enrolments.filter((each) => each.state === EnrolmentState.ACTIVE);
  const best = active.reduce<EnrolmentSummary | null>((found, each) => (found && found.tierRank >= each.tierRank ? found : each), null);
  const { entitlements } = partnership;
  await run(
    tx,
    `insert into ref_partnerships (partner_id, version, enrolled, tier, catalog_scope, price_rule, max_discount_bps, terms) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (partner_id) do update set version = excluded.version, enrolled = excluded.enrolled, tier = excluded.tier, catalog_scope = excluded.catalog_scope,
       price_rule = excluded.price_rule, max_discount_bps = excluded.max_discount_bps, terms = excluded.terms
     where ref_partnerships.version < excluded.version`,
    [
      partnership.partnerId,
      partnership.version,
      active.length > 0,
      best?.tier ?? '',
      toCatalogScope(entitlements['catalog.scope']),
      toPriceRule(entitlements['price.rule']),
      percentToBps(entitlements['quote.maxDiscountPct']),
      toJson(active.map(toTerms)),
    ],
  );
}

const toTerms = ({ programId, settings }: EnrolmentSummary): ProgramTerms => ({
  programId,
  registrationBps: percentToBps(settings?.registrationDiscountPct) ?? 0,
  validityDays: settings?.quoteValidityDays || DEFAULT_VALIDITY_DAYS,
  lineConfirmation: settings?.lineConfirmation ?? false,
  limit: settings?.quoteApprovalLimit ? fromGoogleMoney(settings.quoteApprovalLimit) : null,
});
