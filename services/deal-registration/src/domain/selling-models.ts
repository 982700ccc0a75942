/** How partner and enterprise share a customer: five rows of data that quoting, order, case and renewal read. */
export const sellingModelNames = ['REFERRAL', 'REG_PARENT_RETAINS', 'REG_PARTNER_RETAINS', 'DUAL', 'WHITE_LABEL'] as const;
export type SellingModel = (typeof sellingModelNames)[number];

type Party = 'PARTNER' | 'PARENT';

export interface SellingModelPolicy {
  model: SellingModel;
  label: string;
  customerOwner: Party | 'BOTH';
  customerKnowsPartner: 'YES' | 'NO' | 'MAYBE' | 'NOT_APPLICABLE' | 'PARENT_UNKNOWN';
  quoteBy: Party[];
  quoteBrands: Party[];
  orderBy: Party[];
  caseQueue: Party | 'SHARED';
  marketingBy: Party[];
  renewalOwner: Party | 'PARENT_WITH_RESIDUAL' | 'OPEN_WINDOWED';
  commission: string;
  ownLinesAllowed: boolean;
}

export const sellingModels: readonly SellingModelPolicy[] = [
  {
    model: 'REFERRAL',
    label: 'Referral',
    customerOwner: 'PARENT',
    customerKnowsPartner: 'NOT_APPLICABLE',
    quoteBy: ['PARENT'],
    quoteBrands: ['PARENT'],
    orderBy: ['PARENT'],
    caseQueue: 'PARENT',
    marketingBy: ['PARENT'],
    renewalOwner: 'PARENT',
    commission: 'on close or on qualified lead, once',
    ownLinesAllowed: false,
  },
  {
    model: 'REG_PARENT_RETAINS',
    label: 'Partner registers, enterprise keeps the customer',
    customerOwner: 'PARENT',
    customerKnowsPartner: 'NO',
    quoteBy: ['PARTNER', 'PARENT'],
    quoteBrands: ['PARENT'],
    orderBy: ['PARTNER'],
    caseQueue: 'PARENT',
    marketingBy: ['PARENT'],
    renewalOwner: 'PARENT_WITH_RESIDUAL',
    commission: 'on order, residual optional',
    ownLinesAllowed: false,
  },
  {
    model: 'REG_PARTNER_RETAINS',
    label: 'Partner registers and keeps the customer',
    customerOwner: 'PARTNER',
    customerKnowsPartner: 'YES',
    quoteBy: ['PARTNER'],
    quoteBrands: ['PARENT', 'PARTNER'],
    orderBy: ['PARTNER'],
    caseQueue: 'PARTNER',
    marketingBy: ['PARTNER'],
    renewalOwner: 'PARTNER',
    commission: 'margin or commission',
    ownLinesAllowed: false,
  },
  {
    model: 'DUAL',
    label: 'Dual responsibility',
    customerOwner: 'BOTH',
    customerKnowsPartner: 'MAYBE',
    quoteBy: ['PARTNER', 'PARENT'],
    quoteBrands: ['PARENT', 'PARTNER'],
    orderBy: ['PARTNER', 'PARENT'],
    caseQueue: 'SHARED',
    marketingBy: ['PARTNER', 'PARENT'],
    renewalOwner: 'OPEN_WINDOWED',
    commission: 'split by rule',
    ownLinesAllowed: false,
  },
  {
    model: 'WHITE_LABEL',
    label: 'White label',
    customerOwner: 'PARTNER',
    customerKnowsPartner: 'PARENT_UNKNOWN',
    quoteBy: ['PARTNER'],
    quoteBrands: ['PARTNER'],
    orderBy: ['PARTNER'],
    caseQueue: 'PARTNER',
    marketingBy: ['PARTNER'],
    renewalOwner: 'PARTNER',
    commission: 'wholesale price, no commission',
    ownLinesAllowed: true,
  },
];

export const isSellingModel = (text: string): text is SellingModel => (sellingModelNames as readonly string[]).includes(text);
