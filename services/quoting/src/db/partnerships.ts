import { run, toJson, type Tx } from '@openprm/postgres';
import type { CatalogScope, PriceRule } from '../domain/catalog';
import type { ProgramTerms } from '../domain/facts';

/** What quoting needs of a partner's programs. */
export interface Partnership {
  partnerId: string;
  version: bigint;
  enrolled: boolean;
  /** Highest tier over the active enrolments; empty without one. */
  tier: string;
  catalogScope: CatalogScope;
  priceRule: PriceRule;
  maxDiscountBps: number | null;
  /** Of the active enrolments, oldest first. */
  terms: ProgramTerms[];
}

/** Keeps the copy of a partnership; an older event never overwrites a newer one. */
export async function copyPartnership(tx: Tx, each: Partnership): Promise<void> {
  await run(
    tx,
    `insert into ref_partnerships (partner_id, version, enrolled, tier, catalog_scope, price_rule, max_discount_bps, terms) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (partner_id) do update set version = excluded.version, enrolled = excluded.enrolled, tier = excluded.tier, catalog_scope = excluded.catalog_scope,
       price_rule = excluded.price_rule, max_discount_bps = excluded.max_discount_bps, terms = excluded.terms
     where ref_partnerships.version < excluded.version`,
    [each.partnerId, each.version, each.enrolled, each.tier, each.catalogScope, each.priceRule, each.maxDiscountBps, toJson(each.terms)],
  );
}
