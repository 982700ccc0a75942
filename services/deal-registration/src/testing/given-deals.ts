import type { Candidate } from '../domain/conflict';
import { dealStates, type Deal, type DealState } from '../domain/deal';
import { createDeal, type NewDeal } from '../domain/register-deal';
import { defaultTerms, type Terms } from '../domain/terms';

export const monday = new Date('2026-03-02T10:00:00Z');
export const calendar = { timeZone: 'UTC', startHour: 9, endHour: 17 };
export const terms: Terms = {
  ...defaultTerms,
  programId: 'p1',
  programName: 'Resellers',
  dealTypes: ['RESALE', 'CO_SELL', 'REFERRAL', 'INFLUENCE'],
  defaultSellingModel: 'REG_PARTNER_RETAINS',
};
export const usd = (units: number): { minor: bigint; currency: string } => ({ minor: BigInt(units) * 100n, currency: 'USD' });
export const ann = { personId: 'ann', name: 'Ann' };
export const desk = { personId: 'desk', name: 'Desk' };

export const newDeal = (change: Partial<NewDeal> = {}): NewDeal => ({
  id: 'd1',
  number: 'DR-000001',
  partnerId: 'p1',
  partnerName: 'Northwind Resale',
  programId: null,
  sellingModel: null,
  externalId: null,
  ownerPersonId: 'ann',
  ownerName: 'Ann',
  title: '',
  type: 'RESALE',
  customer: {
    customerId: null,
    name: 'Acme GmbH',
    country: 'DE',
    city: '',
    taxId: 'DE 123 456 789',
    website: 'https://www.acme.de',
    contactName: '',
    contactEmail: '',
  },
  lines: [{ productId: null, productName: 'Router', family: 'Networking', quantity: 2, amount: usd(5000) }],
  amount: usd(5000),
  expectedCloseDate: '2026-06-30',
  evidence: [{ kind: 'NEED', text: 'Their lease ends.' }],
  description: '',
  related: [],
  ...change,
});

export const givenDeal = (change: Partial<Deal> = {}): Deal => ({ ...createDeal(newDeal(), [terms], monday).deal, ...change });

/** A deal as it typically looks in a state. */
export function givenDealIn(state: DealState, change: Partial<Deal> = {}): Deal {
  const hold = {
    id: 'prot',
    state: 'PROVISIONAL' as const,
    families: ['networking'],
    country: 'DE',
    start: monday,
    end: new Date('2026-03-23T10:00:00Z'),
    releaseReason: '',
  };
  const claimed =
    state === 'DRAFT'
      ? {}
      : {
          submittedBy: 'ann',
          submittedByName: 'Ann',
          submitTime: monday,
          firstCompleteTime: monday,
          customerKeys: ['tax:DE123456789', 'domain:acme.de', 'name:acme|DE'],
          protection: hold,
        };
  const approved =
    state === 'APPROVED' || state === 'CONVERTED'
      ? { protection: { ...hold, state: 'ACTIVE' as const, end: new Date('2026-05-01T23:59:59Z') } }
      : {};
  return givenDeal({ ...claimed, ...approved, state, ...change });
}

export const everyState = dealStates;

export const candidate = (change: Partial<Candidate> = {}): Candidate => ({
  dealId: 'other',
  dealNumber: 'DR-000009',
  opportunityId: null,
  partnerId: 'p2',
  partnerName: 'Contoso Channel',
  sameHierarchy: false,
  type: 'RESALE',
  state: 'APPROVED',
  keys: ['tax:DE123456789', 'domain:acme.de', 'name:acme|DE'],
  families: ['networking'],
  country: 'DE',
  firstCompleteTime: new Date('2026-02-01T10:00:00Z'),
  protectionState: 'ACTIVE',
  protectionEnd: new Date('2026-04-02T23:59:59Z'),
  updateTime: new Date('2026-02-01T10:00:00Z'),
  ...change,
});
