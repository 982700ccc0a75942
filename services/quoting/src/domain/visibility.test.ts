import { givenLine, givenQuote, newId, OTHER, OWNER, priced } from '../testing/given';
import { approvalChain, approvalDemands } from './approval';
import { ENTERPRISE, partiesOf, sightOf, visibleSteps, visibleTotals, type Viewer } from './visibility';

const [own, foreign] = priced([givenLine({ quantity: 2 }), givenLine({ linePartnerId: OTHER })]);
const quote = givenQuote({ lines: [own!, foreign!] });
const shared = givenQuote({ lines: [own!, { ...foreign!, shared: true }] });
const viewer = (...sees: string[]): Viewer => ({ enterprise: false, sees: new Set(sees) });

test.each<[string, Viewer, string, string]>([
  ['the enterprise', ENTERPRISE, 'COST', 'COST'],
  ['the owner', viewer(OWNER), 'PRICE', 'PARTNER'],
  ['the line partner', viewer(OTHER), 'PRODUCT', 'PRICE'],
  ['a related partner without lines', viewer('third'), 'PRODUCT', 'PRODUCT'],
  ['somebody who works for both', viewer(OWNER, OTHER), 'PRICE', 'PRICE'],
])('%s sees of the own line %s', (_who, who, sightOfOwn, sightOfForeign) => {
  expect([sightOf(own!, quote, who), sightOf(foreign!, quote, who)]).toEqual([sightOfOwn, sightOfForeign]);
});

test('a shared line shows its price to every partner of the quote, its cost to none', () => {
  for (const who of [viewer(OWNER), viewer('third')]) expect(sightOf(shared.lines[1]!, shared, who)).toBe('PRICE');
});

test('the whole sum is told only to those who see every price, since the rest could be worked out from it', () => {
  expect(visibleTotals(quote, ENTERPRISE).whole?.net.minor).toBe(30000n);
  expect(visibleTotals(quote, viewer(OWNER)).whole).toBeNull();
  expect([...visibleTotals(quote, viewer(OWNER)).partners.keys()]).toEqual([OWNER]);
  expect([...visibleTotals(quote, viewer(OTHER)).partners.keys()]).toEqual([OTHER]);
  expect(visibleTotals(shared, viewer(OWNER)).whole?.net.minor).toBe(30000n);
});

test("partners read neither who approved nor reasons that tell of hidden prices or of the enterprise's margin", () => {
  const lines = priced(
    [
      { ...own!, discountBps: 2500 },
      { ...foreign!, discountBps: 2500 },
    ],
    { list: { book: '', unitPrice: 10000n, unitCost: 9999n, options: {} } },
  );
  const loud = givenQuote({ lines });
  const demands = approvalDemands({
    ...loud,
    ownerId: OWNER,
    lines,
    rightsOf: () => ({ tier: 'BRONZE', maxDiscountBps: null }),
    limit: null,
  });
  const steps = approvalChain(demands, [], null, newId).map((step) => ({
    ...step,
    decidedBy: 'rm@enterprise.example',
    decidedByName: 'Ruth',
  }));
  const codes = (who: Viewer) =>
    visibleSteps(loud, who, steps).flatMap((step) =>
      step.reasons.map((reason) => `${reason.code} ${reason.lineId === lines[1]!.id ? 'foreign' : ''}`.trim()),
    );
  expect(codes(ENTERPRISE)).toEqual(['SEVERAL_PARTNERS', 'LINE_DISCOUNT', 'LINE_DISCOUNT foreign', 'TOTAL_DISCOUNT', 'MARGIN_UNDER_FLOOR']);
  expect(codes(viewer(OWNER))).toEqual(['SEVERAL_PARTNERS', 'LINE_DISCOUNT']);
  expect(JSON.stringify(visibleSteps(loud, viewer(OWNER), steps))).not.toMatch(/Ruth|enterprise/);
});

test('owner, line partners and related partners with access hear of a quote, each once', () => {
  expect(partiesOf(quote, ['third', OTHER])).toEqual([OWNER, OTHER, 'third']);
});
