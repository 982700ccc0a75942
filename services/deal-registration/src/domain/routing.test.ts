import { candidate, monday, usd } from '../testing/given-deals';
import { checkConflict, type Candidate } from './conflict';
import { routeDeal } from './routing';

const claim = {
  dealId: 'd1',
  partnerId: 'p1',
  type: 'REFERRAL',
  keys: ['tax:DE123456789'],
  families: ['*'],
  country: 'DE',
  firstCompleteTime: monday,
};
const check = (others: Candidate[]) => checkConflict(claim, others, 30, monday);
const facts = { hasRelationshipManager: true, relationshipManagerLimits: [usd(1_000)] };

test.each([
  ['a resale', { type: 'RESALE', amount: usd(10) }, [], facts, 'DEAL_DESK'],
  ['a referral', { type: 'REFERRAL', amount: usd(1_000) }, [], facts, 'RELATIONSHIP_MANAGER'],
  ['a referral above the limit', { type: 'REFERRAL', amount: usd(1_001) }, [], facts, 'DEAL_DESK'],
  ['a referral in a currency without a limit', { type: 'REFERRAL', amount: { minor: 1n, currency: 'JPY' } }, [], facts, 'DEAL_DESK'],
  [
    'a referral of a partner without relationship manager',
    { type: 'REFERRAL', amount: usd(10) },
    [],
    { ...facts, hasRelationshipManager: false },
    'DEAL_DESK',
  ],
  ['a referral that meets a protection', { type: 'REFERRAL', amount: usd(10) }, [candidate()], facts, 'DEAL_DESK'],
])('%s goes to the right group, with a reason', (_name, deal, others, known, group) => {
  expect(routeDeal(deal, check(others), known)).toEqual({ reviewGroup: group, routingReason: expect.stringMatching(/\.$/) });
});
