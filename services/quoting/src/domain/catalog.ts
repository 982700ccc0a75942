export type CatalogScope = 'STANDARD' | 'EXTENDED' | 'FULL';
export type ProductState = 'ACTIVE' | 'RETIRED';
export type PriceRule = 'LIST' | 'VOLUME' | 'CUSTOM';

/** What a line needs to know of its product. */
export interface ProductFacts {
  id: string;
  sku: string;
  name: string;
  family: string;
  catalogScope: CatalogScope;
  state: ProductState;
  needsCheck: boolean;
  /** Codes. */
  options: string[];
}

const ORDER: CatalogScope[] = ['STANDARD', 'EXTENDED', 'FULL'];

/** Each scope contains the ones before it. */
export const inCatalog = (product: CatalogScope, partner: CatalogScope): boolean => ORDER.indexOf(product) <= ORDER.indexOf(partner);

/** Scopes that a partner with this one may quote. */
export const scopesWithin = (partner: CatalogScope): CatalogScope[] => ORDER.slice(0, ORDER.indexOf(partner) + 1);

/** From the entitlement `catalog.scope`; a partner without one has the standard catalog. */
export const toCatalogScope = (value: string | undefined): CatalogScope =>
  ORDER.find((scope) => scope === value?.toUpperCase()) ?? 'STANDARD';

/** From the entitlement `price.rule`; a partner without one pays list. */
export const toPriceRule = (value: string | undefined): PriceRule =>
  (['VOLUME', 'CUSTOM'] as const).find((rule) => rule === value?.toUpperCase()) ?? 'LIST';

/** `7.5` percent as 750 basis points, without a float on the way; null when it is not a percentage. */
export function percentToBps(text: string | undefined): number | null {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text?.trim() ?? '');
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : null;
}

/** `7.5 %` for 750 basis points. */
export function bpsToPercent(bps: number): string {
  const fraction = String(bps % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  return `${Math.trunc(bps / 100)}${fraction && `.${fraction}`} %`;
}
