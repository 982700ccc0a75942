import { tableOf } from '@openprm/moves';
import { createPartner, movePartnerState, partnerMoves, type Partner, type PartnerMove, type PartnerState } from './partner';
import { staffMoves } from './staff';

const now = new Date('2026-03-02T10:00:00Z');
const profile = {
  name: 'Acme',
  types: [],
  country: 'US',
  city: '',
  website: '',
  taxId: '',
  capabilities: { specialisations: [], marketFocus: [], regions: [], expertise: [] },
};
const partnerIn = (state: PartnerState): Partner => ({
  ...createPartner('p', profile, { parentId: null, externalId: null }, now).partner,
  state,
  terminationRequestedBy: 'somebody',
});

test('the life of a partner and of a membership', () => {
  expect(tableOf(partnerMoves)).toBe(
    [
      'PROSPECT --activate--> ACTIVE',
      'ACTIVE --suspend--> SUSPENDED',
      'SUSPENDED --reinstate--> ACTIVE',
      'ACTIVE | SUSPENDED --requestTermination--> SUSPENDED',
      'SUSPENDED --terminate--> TERMINATED',
    ].join('\n'),
  );
  expect(tableOf(staffMoves)).toBe(
    [
      'INVITED --accept--> ACTIVE',
      'ACTIVE --suspend--> SUSPENDED',
      'SUSPENDED --reinstate--> ACTIVE',
      'INVITED | ACTIVE | SUSPENDED --deactivate--> DEACTIVATED',
    ].join('\n'),
  );
});

describe.each(['PROSPECT', 'ACTIVE', 'SUSPENDED', 'TERMINATED'] as PartnerState[])('a partner in state %s', (state) => {
  test.each(Object.keys(partnerMoves) as PartnerMove[])('%s leads where the table says, or is refused', (move) => {
    const act = () => movePartnerState(partnerIn(state), move, { reason: 'WHY', personId: 'me' }, now);
    if (!partnerMoves[move].from.includes(state)) expect(act).toThrow(expect.objectContaining({ code: 'FAILED_PRECONDITION' }));
    else expect(act().partner).toMatchObject({ state: partnerMoves[move].to, version: 2, updatedAt: now });
  });
});

test('nothing leads out of TERMINATED', () => {
  expect(Object.values(partnerMoves).flatMap((move) => move.from)).not.toContain('TERMINATED');
});
