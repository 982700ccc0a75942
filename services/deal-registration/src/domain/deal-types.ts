import type { EvidenceKind } from './deal';
import type { SellingModel } from './selling-models';

export interface DealType {
  code: string;
  label: string;
  productsRequired: boolean;
  claimsProtection: boolean;
  /** Types beside which it can stand for the same customer; the second becomes a proposal to join as related partner. */
  compatibleWith: readonly string[];
  /** Models that fit; the first is the default where the program names none. */
  sellingModels: readonly SellingModel[];
  reviewGroup: 'DEAL_DESK' | 'RELATIONSHIP_MANAGER';
  treatment: 'DIRECT' | 'REFERRED';
  evidenceNeeded: readonly EvidenceKind[];
}

/** Deal types and what follows from them. A new one is a new row. */
export const dealTypes: readonly DealType[] = [
  {
    code: 'RESALE',
    label: 'Resale',
    productsRequired: true,
    claimsProtection: true,
    compatibleWith: ['INFLUENCE'],
    sellingModels: ['REG_PARTNER_RETAINS', 'REG_PARENT_RETAINS', 'DUAL', 'WHITE_LABEL'],
    reviewGroup: 'DEAL_DESK',
    treatment: 'DIRECT',
    evidenceNeeded: ['NEED'],
  },
  {
    code: 'CO_SELL',
    label: 'Co-sell',
    productsRequired: true,
    claimsProtection: true,
    compatibleWith: ['CO_SELL'],
    sellingModels: ['DUAL'],
    reviewGroup: 'DEAL_DESK',
    treatment: 'DIRECT',
    evidenceNeeded: ['NEED'],
  },
  {
    code: 'REFERRAL',
    label: 'Referral',
    productsRequired: false,
    claimsProtection: true,
    compatibleWith: [],
    sellingModels: ['REFERRAL'],
    reviewGroup: 'RELATIONSHIP_MANAGER',
    treatment: 'REFERRED',
    evidenceNeeded: ['NEED'],
  },
  {
    code: 'INFLUENCE',
    label: 'Influence',
    productsRequired: false,
    claimsProtection: false,
    compatibleWith: ['RESALE'],
    sellingModels: ['REFERRAL'],
    reviewGroup: 'RELATIONSHIP_MANAGER',
    treatment: 'REFERRED',
    evidenceNeeded: ['NEED'],
  },
];

export const DEFAULT_DEAL_TYPE = 'RESALE';

export const dealType = (code: string): DealType | undefined => dealTypes.find((each) => each.code === code);

export const areCompatible = (left: string, right: string): boolean => dealType(left)?.compatibleWith.includes(right) ?? false;
