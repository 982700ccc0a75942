import { givenDealIn, monday, usd } from '../testing/given-deals';
import { changeStage, loseOpportunity, reopenOpportunity, winOpportunity } from './move-opportunity';
import { closeReasons, isClosed, opportunityOf, probabilities, stages, type Opportunity, type Stage } from './opportunity';
import { opportunityMoveNames, opportunityMoves, requireOpportunityMove } from './opportunity-moves';

const given = (stage: Stage): Opportunity => ({
  ...opportunityOf(givenDealIn('CONVERTED'), { id: 'o', number: 'OP-1', leadMode: 'PARTNER_LED' }, monday),
  stage,
});
const none = { quoteStates: [], orders: 0 };

test('stages with their probability', () => {
  expect(stages.map((stage) => `${stage} ${probabilities[stage]}`)).toEqual([
    'PROSPECT 10',
    'QUALIFY 20',
    'DEVELOP 40',
    'PROPOSE 60',
    'NEGOTIATE 80',
    'CLOSED_WON 100',
    'CLOSED_LOST 0',
  ]);
});

const pairs = stages.flatMap((stage) => opportunityMoveNames.map((move) => [stage, move] as const));

test.each(pairs)('in %s, %s is possible exactly when the table says so', (stage, move) => {
  const check = (): void => requireOpportunityMove(stage, move);
  if ((opportunityMoves[move].from as readonly Stage[]).includes(stage)) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ reason: 'ILLEGAL_MOVE' }));
});

const open = stages.filter((stage) => !isClosed(stage));
const jumps = open.flatMap((from) => open.filter((to) => to !== from).map((to) => [from, to] as const));

test.each(jumps)('from %s to %s, with a quote where one is needed', (from, to) => {
  const late = to === 'PROPOSE' || to === 'NEGOTIATE';
  if (late) expect(() => changeStage(given(from), to, none, monday)).toThrow(expect.objectContaining({ reason: 'QUOTE_NEEDED' }));
  const quoted = { quoteStates: ['APPROVED'], orders: 0 };
  expect(changeStage(given(from), to, quoted, monday)).toMatchObject({
    opportunity: { stage: to, stageTime: monday },
    events: [{ previousStage: from }],
  });
});

test.each([
  [['DRAFT'], 0, false],
  [['APPROVED'], 0, false],
  [['ACCEPTED'], 0, true],
  [['ORDERED'], 0, true],
  [[], 1, true],
])('with quotes %j and %i orders winning is possible: %s', (quoteStates, orders, possible) => {
  const win = () => winOpportunity(given('NEGOTIATE'), { reason: 'PRICE', text: '', closeDate: null }, { quoteStates, orders }, monday);
  if (possible) expect(win().opportunity).toMatchObject({ stage: 'CLOSED_WON', closeDate: '2026-03-02', amount: usd(5_000) });
  else expect(win).toThrow(expect.objectContaining({ reason: 'QUOTE_NEEDED' }));
});

test('each way to close has its reasons', () => {
  for (const reason of closeReasons.CLOSED_LOST)
    expect(loseOpportunity(given('DEVELOP'), { reason, text: '', closeDate: null }, monday).opportunity.closeReason).toBe(reason);
  expect(() => loseOpportunity(given('DEVELOP'), { reason: 'PRODUCT_MIX', text: '', closeDate: null }, monday)).toThrow(/does not fit/);
});

test('reopening is for 30 days and bars what has an order', () => {
  const lost = { ...given('CLOSED_LOST'), stageTime: monday };
  const days = (n: number): Date => new Date(monday.getTime() + n * 86_400_000);
  expect(reopenOpportunity(lost, 'x', none, days(30)).opportunity).toMatchObject({ stage: 'QUALIFY', closeDate: null, closeReason: null });
  expect(() => reopenOpportunity(lost, 'x', none, new Date(days(30).getTime() + 1))).toThrow(
    expect.objectContaining({ reason: 'REOPEN_TOO_LATE' }),
  );
  expect(() => reopenOpportunity(lost, 'x', { quoteStates: [], orders: 1 }, monday)).toThrow(
    expect.objectContaining({ reason: 'ORDER_EXISTS' }),
  );
});
