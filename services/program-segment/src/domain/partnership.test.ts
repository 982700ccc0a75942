import { givenEnrolment, givenProgram, NOW } from '../testing/given';
import { partnershipOf } from './partnership';

const partner = { id: 'partner', name: 'Acme', state: 'ACTIVE' };
const program = givenProgram({
  dealTypes: [
    { dealType: 'RESALE', tiers: [], sellingModel: '' },
    { dealType: 'CO_SELL', tiers: ['GOLD'], sellingModel: 'DUAL' },
  ],
});
const days = (value: string) => expect.objectContaining({ key: 'deal.protectionDays', value });

test('over several programs the best value holds, and says from which it comes', () => {
  const gold = givenEnrolment({ id: 'gold', tier: 'GOLD' });
  const bronze = givenEnrolment({ id: 'bronze', tier: 'BRONZE' });
  const partnership = partnershipOf(
    partner,
    [
      { enrolment: bronze, program },
      { enrolment: gold, program },
    ],
    7,
    NOW,
  );
  expect(partnership.entitlements).toEqual([
    { key: 'deal.protectionDays', value: '90', source: 'TIER', sourceCode: 'GOLD', enrolmentId: 'gold' },
  ]);
  expect(partnership.memberships.map((each) => [each.enrolment.id, each.tierRank, each.dealTypes.map((offer) => offer.dealType)])).toEqual([
    ['bronze', 1, ['RESALE']],
    ['gold', 3, ['RESALE', 'CO_SELL']],
  ]);
});

test.each([
  ['ACTIVE', [days('60')]],
  ['SUSPENDED', []],
  ['INVITED', []],
  ['APPLIED', []],
] as const)('an enrolment that is %s is shown and gives what it should', (state, expected) => {
  const { memberships, entitlements } = partnershipOf(partner, [{ enrolment: givenEnrolment({ state }), program }], 1, NOW);
  expect(memberships).toHaveLength(1);
  expect(entitlements).toEqual(expected);
});

test.each(['TERMINATED', 'DECLINED', 'REJECTED', 'EXPIRED'] as const)('one that is %s is not shown', (state) => {
  expect(partnershipOf(partner, [{ enrolment: givenEnrolment({ state }), program }], 1, NOW).memberships).toEqual([]);
});
