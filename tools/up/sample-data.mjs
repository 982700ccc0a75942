// The small sample: a partner with a child, a second partner, a program, customers, a catalog, and deals in several states.
// All names are invented; `.example` addresses reach nobody.

const euro = (units) => ({ currencyCode: 'EUR', units: String(units), nanos: 0 });
const dollar = (units) => ({ currencyCode: 'USD', units: String(units), nanos: 0 });
const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

export const enterpriseStaff = [
  { email: 'executive@enterprise.example', name: 'Elena Exner', role: 'ROLE_ENTERPRISE_EXECUTIVE' },
  { email: 'relationship@enterprise.example', name: 'Robin Meyer', role: 'ROLE_RELATIONSHIP_MANAGER' },
];

export const relationshipManager = 'relationship@enterprise.example';

/** In the order of creation: parents first. `admin` is who speaks for the partner. */
export const partners = [
  {
    key: 'alpenblick',
    admin: 'admin@partner.example',
    tier: 'GOLD',
    record: {
      name: 'Alpenblick Systems GmbH',
      types: ['RESELLER'],
      country: 'DE',
      city: 'München',
      website: 'https://alpenblick.example',
      taxId: 'DE811111111',
      externalId: 'sample-alpenblick',
      capabilities: {
        specialisations: ['Networking', 'Security'],
        marketFocus: ['Manufacturing'],
        regions: ['DE', 'AT', 'CH'],
        expertise: ['Migration'],
      },
    },
    staff: [
      { email: 'admin@partner.example', name: 'Paula Andersen', role: 'ROLE_PARTNER_ADMIN', includeDescendants: true },
      { email: 'manager@partner.example', name: 'Mateo Perez', role: 'ROLE_PARTNER_MANAGER', includeDescendants: true },
      { email: 'associate@partner.example', name: 'Asha Patel', role: 'ROLE_PARTNER_ASSOCIATE' },
    ],
  },
  {
    key: 'tirol',
    parent: 'alpenblick',
    admin: 'admin@tirol.example',
    tier: 'SILVER',
    record: {
      name: 'Alpenblick Tirol GmbH',
      types: ['RESELLER'],
      country: 'AT',
      city: 'Innsbruck',
      website: 'https://tirol.alpenblick.example',
      externalId: 'sample-tirol',
    },
    staff: [{ email: 'admin@tirol.example', name: 'Theresa Gruber', role: 'ROLE_PARTNER_ADMIN' }],
  },
  {
    key: 'harbour',
    admin: 'admin@harbour.example',
    tier: 'SILVER',
    record: {
      name: 'Harbour Cloud Ltd',
      types: ['RESELLER'],
      country: 'GB',
      city: 'Bristol',
      website: 'https://harbour.example',
      externalId: 'sample-harbour',
    },
    staff: [
      { email: 'admin@harbour.example', name: 'Hugh Morgan', role: 'ROLE_PARTNER_ADMIN' },
      { email: 'manager@harbour.example', name: 'Hana Mason', role: 'ROLE_PARTNER_MANAGER', includeDescendants: true },
    ],
  },
];

export const program = {
  name: 'Growth Partner Program',
  description: 'For partners who resell and advise. Tiers from Bronze to Platinum.',
  kind: 'RESELLER',
  openForApplication: true,
  termsVersion: '2026-01',
  baseCurrency: 'EUR',
  defaultSellingModel: 'REG_PARTNER_RETAINS',
  dealTypes: [{ dealType: 'RESALE' }, { dealType: 'CO_SELL' }, { dealType: 'REFERRAL' }, { dealType: 'INFLUENCE' }],
  settings: { partnerMayConvert: true, registrationDiscountPct: '5' },
};

export const customers = [
  {
    key: 'isar',
    partner: 'alpenblick',
    record: {
      name: 'Isar Maschinenbau AG',
      country: 'DE',
      city: 'München',
      industry: 'Manufacturing',
      website: 'https://isar-maschinenbau.example',
      taxId: 'DE822222222',
    },
  },
  {
    key: 'lech',
    partner: 'alpenblick',
    record: {
      name: 'Lech Logistik GmbH',
      country: 'DE',
      city: 'Augsburg',
      industry: 'Transport',
      website: 'https://lech-logistik.example',
    },
  },
  {
    key: 'brenner',
    partner: 'tirol',
    record: {
      name: 'Brenner Hotels GmbH',
      country: 'AT',
      city: 'Innsbruck',
      industry: 'Hospitality',
      website: 'https://brenner-hotels.example',
    },
  },
  {
    key: 'severn',
    partner: 'harbour',
    record: {
      name: 'Severn Shipping plc',
      country: 'GB',
      city: 'Bristol',
      industry: 'Transport',
      website: 'https://severn-shipping.example',
    },
  },
].map(({ record, ...rest }) => ({
  ...rest,
  record: { kind: 'CUSTOMER_KIND_COMPANY', relationOwner: 'RELATION_OWNER_PARTNER', externalId: `sample-${rest.key}`, ...record },
}));

export const families = [
  {
    code: 'SWITCH',
    name: 'Switches',
    volumeBreaks: [
      { minQuantity: 10, discountBasisPoints: 300 },
      { minQuantity: 50, discountBasisPoints: 700 },
    ],
  },
  { code: 'FIREWALL', name: 'Firewalls' },
  { code: 'CARE', name: 'Care plans' },
];

export const products = [
  { sku: 'SW-24', name: 'Switch 24', family: 'SWITCH', listPrices: [euro(1490), dollar(1590)], unitCosts: [euro(820), dollar(880)] },
  { sku: 'SW-48', name: 'Switch 48', family: 'SWITCH', listPrices: [euro(2690), dollar(2890)], unitCosts: [euro(1480), dollar(1590)] },
  {
    sku: 'FW-200',
    name: 'Firewall 200',
    family: 'FIREWALL',
    listPrices: [euro(4900), dollar(5300)],
    unitCosts: [euro(2600), dollar(2800)],
  },
  {
    sku: 'FW-900',
    name: 'Firewall 900',
    family: 'FIREWALL',
    catalogScope: 'CATALOG_SCOPE_EXTENDED',
    listPrices: [euro(18_900), dollar(20_500)],
    unitCosts: [euro(10_400), dollar(11_300)],
  },
  {
    sku: 'CARE-1Y',
    name: 'Care plan, one year',
    family: 'CARE',
    listPrices: [euro(390), dollar(420)],
    unitCosts: [euro(120), dollar(130)],
  },
];

/** `until` is how far the sample takes the deal. */
export const deals = [
  {
    title: 'Campus network Isar Maschinenbau',
    partner: 'alpenblick',
    customer: 'isar',
    by: 'associate@partner.example',
    until: 'CONVERTED',
    lines: [
      { sku: 'SW-48', quantity: 12, amount: euro(32_280) },
      { sku: 'CARE-1Y', quantity: 12, amount: euro(4680) },
    ],
    amount: euro(36_960),
    expectedCloseDate: inDays(45),
  },
  {
    title: 'Firewalls for Lech Logistik',
    partner: 'alpenblick',
    customer: 'lech',
    by: 'associate@partner.example',
    until: 'SUBMITTED',
    lines: [{ sku: 'FW-200', quantity: 4, amount: euro(19_600) }],
    amount: euro(19_600),
    expectedCloseDate: inDays(60),
  },
  {
    title: 'Port offices Severn Shipping',
    partner: 'harbour',
    customer: 'severn',
    by: 'manager@harbour.example',
    until: 'DRAFT',
    lines: [{ sku: 'SW-24', quantity: 8, amount: euro(11_920) }],
    amount: euro(11_920),
    expectedCloseDate: inDays(90),
  },
].map((deal) => ({
  type: 'RESALE',
  evidence: [
    { kind: 'EVIDENCE_KIND_NEED', text: 'The present equipment reaches its end of support this year.' },
    { kind: 'EVIDENCE_KIND_BUDGET', text: 'The budget for this year is approved.' },
    { kind: 'EVIDENCE_KIND_DECISION_MAKER', text: 'In contact with the head of IT.' },
  ],
  ...deal,
}));
