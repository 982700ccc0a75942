import { invalid, invalidFields, type Violation } from '@openprm/errors';
import { isCurrency } from '@openprm/money';
import { entitlementFault } from './entitlements';
import type { Terms } from './terms';

/** Codes that programs may name. */
export interface Catalogue {
  kinds: string[];
  segments: { code: string; kind: 'TIER' | 'SPECIALISATION' | 'MARKET_FOCUS'; label: string }[];
}

/** Comes before anything is counted in it. */
export function requireCurrency(code: string): void {
  if (code !== '' && !isCurrency(code))
    throw invalid('program.base_currency', `"${code}" is not an ISO 4217 currency.`, 'UNKNOWN_CURRENCY');
}

/** Refuses terms that contradict themselves or the catalogue, naming every fault at once. */
export function requireConsistent(terms: Terms, catalogue: Catalogue): void {
  const violations = [
    ...kindFaults(terms, catalogue),
    ...tierFaults(terms, catalogue),
    ...segmentFaults(terms, catalogue),
    ...entitlementFaults(terms),
    ...dealTypeFaults(terms),
    ...criterionFaults(terms),
    ...settingFaults(terms),
  ];
  if (violations.length > 0) throw invalidFields(violations.map((each) => ({ ...each, field: `program.${each.field}` })));
}

const fault = (field: string, reason: string, description: string): Violation => ({ field, reason, description });

const inconsistent = (field: string, description: string): Violation => fault(field, 'INCONSISTENT_PROGRAM', description);

function kindFaults(terms: Terms, catalogue: Catalogue): Violation[] {
  return catalogue.kinds.includes(terms.kind)
    ? []
    : [fault('kind', 'UNKNOWN_PROGRAM_KIND', `"${terms.kind}" is not known: see ListProgramKinds.`)];
}

function tierFaults(terms: Terms, catalogue: Catalogue): Violation[] {
  const known = catalogue.segments.filter((segment) => segment.kind === 'TIER').map((segment) => segment.code);
  const unknown = terms.tiers.flatMap((tier, at) =>
    known.includes(tier.code)
      ? []
      : [fault(`tiers[${at}].code`, 'UNKNOWN_TIER', `"${tier.code}" is no segment of kind TIER: see ListSegments.`)],
  );
  const repeated = [...repeats(terms.tiers.map((tier) => tier.code)), ...repeats(terms.tiers.map((tier) => tier.rank))];
  return [
    ...unknown,
    ...repeated.map((at) => inconsistent(`tiers[${at}]`, 'repeats the code or rank of another tier.')),
    ...(isTier(terms, terms.defaultTier) || terms.tiers.length === 0
      ? []
      : [fault('default_tier', 'UNKNOWN_TIER', `"${terms.defaultTier}" is not one of the tiers.`)]),
  ];
}

function segmentFaults(terms: Terms, catalogue: Catalogue): Violation[] {
  const known = catalogue.segments.filter((segment) => segment.kind !== 'TIER').map((segment) => segment.code);
  return terms.segments.flatMap((code, at) =>
    known.includes(code)
      ? []
      : [fault(`segments[${at}]`, 'UNKNOWN_SEGMENT', `"${code}" is no specialisation or market focus: see ListSegments.`)],
  );
}

function entitlementFaults(terms: Terms): Violation[] {
  const rows = terms.entitlements;
  const wrong = rows.flatMap((row, at) => {
    const value = entitlementFault(row.key, row.value);
    const level = levelFault(terms, row.source, row.code, `entitlements[${at}].code`);
    return [...(value ? [fault(`entitlements[${at}]`, value.reason, value.description)] : []), ...level];
  });
  const repeated = repeats(rows.map((row) => `${row.source} ${row.code} ${row.key}`));
  return [...wrong, ...repeated.map((at) => inconsistent(`entitlements[${at}]`, 'sets a key a second time on the same level.'))];
}

function dealTypeFaults(terms: Terms): Violation[] {
  const unknown = terms.dealTypes.flatMap((offer, at) =>
    offer.tiers
      .filter((tier) => !isTier(terms, tier))
      .map((tier) => fault(`deal_types[${at}].tiers`, 'UNKNOWN_TIER', `"${tier}" is not one of the tiers.`)),
  );
  return [
    ...unknown,
    ...repeats(terms.dealTypes.map((offer) => offer.dealType)).map((at) => inconsistent(`deal_types[${at}]`, 'is offered twice.')),
  ];
}

function criterionFaults(terms: Terms): Violation[] {
  const level = terms.criteria.flatMap((criterion, at) =>
    levelFault(terms, criterion.target, criterion.targetCode, `criteria[${at}].target_code`),
  );
  return [
    ...level,
    ...repeats(terms.criteria.map((criterion) => criterion.code)).map((at) => inconsistent(`criteria[${at}].code`, 'is used twice.')),
  ];
}

function settingFaults(terms: Terms): Violation[] {
  const { settings } = terms;
  const days = terms.entitlements.filter(
    (row) =>
      row.key === 'deal.protectionDays' &&
      (Number(row.value) < settings.protectionMinDays || Number(row.value) > settings.protectionMaxDays),
  );
  return [
    ...(settings.protectionMinDays > settings.protectionMaxDays
      ? [inconsistent('settings.protection_min_days', 'is above protection_max_days.')]
      : []),
    ...days.map((row) =>
      inconsistent(
        'entitlements',
        `deal.protectionDays ${row.value} is not from ${settings.protectionMinDays} to ${settings.protectionMaxDays}.`,
      ),
    ),
    ...amountFaults(terms, settings.autoApproveLimits, 'settings.auto_approve_limits'),
    ...amountFaults(terms, settings.orderLimits, 'settings.order_limits'),
    ...currencyFaults(terms, settings.quoteApprovalLimit?.currency, 'settings.quote_approval_limit'),
  ];
}

function amountFaults(terms: Terms, limits: Terms['settings']['orderLimits'], field: string): Violation[] {
  return [
    ...limits
      .filter((limit) => !isTier(terms, limit.tier))
      .map((limit) => fault(field, 'UNKNOWN_TIER', `"${limit.tier}" is not one of the tiers.`)),
    ...limits.filter((limit) => limit.amount.minor < 0n).map((limit) => inconsistent(field, `the limit of ${limit.tier} is negative.`)),
    ...limits.flatMap((limit) => currencyFaults(terms, limit.amount.currency, field)),
    ...repeats(limits.map((limit) => limit.tier)).map(() => inconsistent(field, 'names a tier twice.')),
  ];
}

const currencyFaults = (terms: Terms, currency: string | undefined, field: string): Violation[] =>
  currency === undefined || currency === terms.baseCurrency
    ? []
    : [inconsistent(field, `is in ${currency}; the program's currency is ${terms.baseCurrency}.`)];

/** A row belongs to the program as a whole, to one of its tiers or to one of its segments. */
function levelFault(terms: Terms, level: string, code: string, field: string): Violation[] {
  if (level === 'PROGRAM') return code === '' ? [] : [inconsistent(field, 'stays empty for the program itself.')];
  if (level === 'TIER') return isTier(terms, code) ? [] : [fault(field, 'UNKNOWN_TIER', `"${code}" is not one of the tiers.`)];
  return terms.segments.includes(code) ? [] : [fault(field, 'UNKNOWN_SEGMENT', `"${code}" is not linked to the program.`)];
}

const isTier = (terms: Terms, code: string): boolean => terms.tiers.some((tier) => tier.code === code);

/** Places at which a value stands that stood before. */
const repeats = (values: unknown[]): number[] => values.flatMap((value, at) => (values.indexOf(value) < at ? [at] : []));
