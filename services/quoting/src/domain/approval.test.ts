import fc from 'fast-check';
import { money } from '@openprm/money';
import { givenLine, givenPrice, newId, OTHER, OWNER, priced } from '../testing/given';
import { approvalChain, approvalDemands, discountAuthority, openNext, type ApprovalFacts, type ApprovalStep, type Tier } from './approval';
import type { QuoteLine } from './line';
import type { PriceFacts } from './pricing';

const facts = (lines: QuoteLine[], fields: Partial<ApprovalFacts> = {}, prices: Partial<PriceFacts> = {}): ApprovalFacts => ({
  ownerId: OWNER,
  currency: 'USD',
  lines: priced(lines, prices),
  paymentTermsDays: 30,
  specialTerms: '',
  rightsOf: () => ({ tier: 'SILVER', maxDiscountBps: null }),
  limit: null,
  ...fields,
});
const demands = (...args: Parameters<typeof facts>) => approvalDemands(facts(...args)).map((each) => [each.group, each.reason.code]);
const chain = (given: ApprovalFacts, earlier: ApprovalStep[] = [], submitter: string | null = 'me') =>
  approvalChain(approvalDemands(given), earlier, submitter, newId);
const brief = (steps: ApprovalStep[]) => steps.map((step) => [step.position, step.group, step.state]);

describe('discount authority', () => {
  const rows: [Tier, number, string | null][] = (Object.keys(discountAuthority) as Tier[]).flatMap(
    (tier): [Tier, number, string | null][] => {
      const { partner, RELATIONSHIP_MANAGER: manager, DEAL_DESK: desk } = discountAuthority[tier];
      return [
        [tier, 0, null],
        [tier, partner, null],
        [tier, partner + 1, 'RELATIONSHIP_MANAGER'],
        [tier, manager, 'RELATIONSHIP_MANAGER'],
        [tier, manager + 1, 'DEAL_DESK'],
        [tier, desk, 'DEAL_DESK'],
        [tier, desk + 1, 'PRICING_BOARD'],
        [tier, 10_000, 'PRICING_BOARD'],
      ];
    },
  );

  test.each(rows.filter(([tier, bps, group]) => !(group === null && bps > discountAuthority[tier].partner)))(
    '%s, %s basis points: %s',
    (tier, discountBps, group) => {
      const found = demands([givenLine({ discountBps })], { rightsOf: () => ({ tier, maxDiscountBps: null }) });
      expect(found).toEqual(
        group
          ? [
              [group, 'LINE_DISCOUNT'],
              [group, 'TOTAL_DISCOUNT'],
            ]
          : [],
      );
    },
  );

  test('the table is that of the handbook', () => {
    expect(discountAuthority).toEqual({
      BRONZE: { partner: 0, RELATIONSHIP_MANAGER: 500, DEAL_DESK: 1500 },
      SILVER: { partner: 500, RELATIONSHIP_MANAGER: 1000, DEAL_DESK: 2000 },
      GOLD: { partner: 1000, RELATIONSHIP_MANAGER: 1500, DEAL_DESK: 2500 },
      PLATINUM: { partner: 1500, RELATIONSHIP_MANAGER: 2000, DEAL_DESK: 3000 },
    });
  });

  test("a partner's own entitlement beats its tier's row", () => {
    expect(demands([givenLine({ discountBps: 750 })], { rightsOf: () => ({ tier: 'SILVER', maxDiscountBps: 750 }) })).toEqual([]);
    expect(demands([givenLine({ discountBps: 751 })], { rightsOf: () => ({ tier: 'SILVER', maxDiscountBps: 750 }) })).toEqual([
      ['RELATIONSHIP_MANAGER', 'LINE_DISCOUNT'],
      ['RELATIONSHIP_MANAGER', 'TOTAL_DISCOUNT'],
    ]);
  });

  test('a line is judged by its own partner, the total by the owner, and the stricter counts', () => {
    const rightsOf = (partnerId: string) => ({
      tier: partnerId === OWNER ? ('BRONZE' as const) : ('PLATINUM' as const),
      maxDiscountBps: null,
    });
    const lines = [givenLine({ quantity: 99 }), givenLine({ linePartnerId: OTHER, discountBps: 1500 })];
    expect(demands(lines, { rightsOf })).toEqual([
      ['RELATIONSHIP_MANAGER', 'TOTAL_DISCOUNT'],
      ['DEAL_DESK', 'SEVERAL_PARTNERS'],
    ]);
  });

  test('one deep line needs the desk although the total does not', () => {
    expect(demands([givenLine({ discountBps: 1200 }), givenLine({ quantity: 10 })])).toEqual([['DEAL_DESK', 'LINE_DISCOUNT']]);
  });

  test('the share over all lines is exact: rounded lines do not lift it over the limit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 10 }),
        fc.bigInt({ min: 1n, max: 999n }),
        (quantities, unitPrice) => {
          const lines = quantities.map((quantity) => givenLine({ quantity, discountBps: 500 }));
          expect(demands(lines, {}, { list: givenPrice({ unitPrice }) })).toEqual([]);
        },
      ),
    );
  });

  test('a registration discount is not a manual one', () => {
    expect(demands([givenLine()], { rightsOf: () => ({ tier: 'BRONZE', maxDiscountBps: null }) }, { registrationBps: 1000 })).toEqual([]);
  });
});

describe('further rules', () => {
  test('a total over the limit of the program, exactly at it not', () => {
    expect(demands([givenLine()], { limit: money(10000n, 'USD') })).toEqual([]);
    expect(demands([givenLine()], { limit: money(9999n, 'USD') })).toEqual([['DEAL_DESK', 'TOTAL_OVER_LIMIT']]);
  });

  test('a limit in another currency cannot clear a quote', () => {
    expect(demands([givenLine()], { limit: money(10n ** 9n, 'EUR') })).toEqual([['DEAL_DESK', 'TOTAL_OVER_LIMIT']]);
  });

  test.each([
    [9200n, []],
    [9201n, [['PRICING_BOARD', 'MARGIN_UNDER_FLOOR']]],
  ])('a cost of %s in 10000: %j', (unitCost, expected) => {
    expect(demands([givenLine()], {}, { list: givenPrice({ unitCost }) })).toEqual(expected);
  });

  test('an unknown cost says nothing about the margin', () => expect(demands([givenLine()])).toEqual([]));

  test.each([
    [45, []],
    [46, [['DEAL_DESK', 'PAYMENT_TERMS']]],
  ])('%s days to pay: %j', (paymentTermsDays, expected) => {
    expect(demands([givenLine()], { paymentTermsDays })).toEqual(expected);
  });

  test('text of its own, blanks aside', () => {
    expect(demands([givenLine()], { specialTerms: '  ' })).toEqual([]);
    expect(demands([givenLine()], { specialTerms: 'No penalty' })).toEqual([['DEAL_DESK', 'NON_STANDARD_TEXT']]);
  });

  test('a product that needs a check', () =>
    expect(demands([givenLine({ needsCheck: true })])).toEqual([['DEAL_DESK', 'PRODUCT_NEEDS_CHECK']]));

  test('lines of two partners go to the deal desk', () => {
    expect(demands([givenLine(), givenLine({ linePartnerId: OTHER })])).toEqual([['DEAL_DESK', 'SEVERAL_PARTNERS']]);
  });
});

describe('the chain', () => {
  test('has one step per group, lowest first, and one of them open', () => {
    const given = facts([givenLine({ discountBps: 700, needsCheck: true })], {}, { list: givenPrice({ unitCost: 9990n }) });
    expect(brief(chain(given))).toEqual([
      [1, 'RELATIONSHIP_MANAGER', 'OPEN'],
      [2, 'DEAL_DESK', 'WAITING'],
      [3, 'PRICING_BOARD', 'WAITING'],
    ]);
  });

  test('is empty when no rule fires', () => expect(chain(facts([givenLine()]))).toEqual([]));

  const approved = (steps: ApprovalStep[], by = 'rm'): ApprovalStep[] =>
    steps.map((step) => ({ ...step, state: 'APPROVED', decidedBy: by, decidedAt: new Date(0), comment: 'ok' }));
  const line = givenLine({ discountBps: 800 });

  test('an approval counts again while nothing it rests on gets worse', () => {
    const earlier = approved(chain(facts([line])));
    expect(chain(facts([line]), earlier)).toMatchObject([{ state: 'APPROVED', reused: true, decidedBy: 'rm', comment: 'ok' }]);
    expect(chain(facts([{ ...line, discountBps: 700 }]), earlier)).toMatchObject([{ state: 'APPROVED', reused: true }]);
  });

  test('a deeper discount is asked about again', () => {
    expect(chain(facts([{ ...line, discountBps: 801 }]), approved(chain(facts([line]))))).toMatchObject([{ state: 'OPEN', reused: false }]);
  });

  test('the same discount on another product or for another partner is asked about again', () => {
    const earlier = approved(chain(facts([line])));
    expect(chain(facts([{ ...line, productId: 'another' }]), earlier)[0]).toMatchObject({ state: 'OPEN' });
    expect(chain(facts([{ ...line, linePartnerId: OTHER }]), earlier)[0]).toMatchObject({ state: 'OPEN' });
  });

  test('a lower discount may not be raised again to what was granted in between', () => {
    const first = approved(chain(facts([line])));
    const second = chain(facts([{ ...line, discountBps: 600 }]), first);
    expect(chain(facts([line]), second)[0]).toMatchObject({ state: 'APPROVED', reused: true });
    expect(chain(facts([{ ...line, discountBps: 900 }]), second)[0]).toMatchObject({ state: 'OPEN' });
  });

  test('other text of its own is asked about again', () => {
    const earlier = approved(chain(facts([givenLine()], { specialTerms: 'A' })));
    expect(chain(facts([givenLine()], { specialTerms: 'A ' }), earlier)[0]).toMatchObject({ state: 'APPROVED' });
    expect(chain(facts([givenLine()], { specialTerms: 'B' }), earlier)[0]).toMatchObject({ state: 'OPEN' });
  });

  test('a step that is not affected is kept while another is open', () => {
    const earlier = approved(chain(facts([{ ...line, needsCheck: true }])));
    const again = chain(facts([{ ...line, needsCheck: true }], { paymentTermsDays: 90 }), earlier);
    expect(brief(again)).toEqual([
      [1, 'RELATIONSHIP_MANAGER', 'APPROVED'],
      [2, 'DEAL_DESK', 'OPEN'],
    ]);
  });

  test('the approver of an earlier round who now submits has approved nothing', () => {
    expect(chain(facts([line]), approved(chain(facts([line])), 'me'), 'me')[0]).toMatchObject({ state: 'OPEN' });
  });

  test('steps that were rejected or cancelled are not counted', () => {
    for (const state of ['REJECTED', 'CANCELLED', 'OPEN', 'WAITING'] as const) {
      expect(
        chain(
          facts([line]),
          approved(chain(facts([line]))).map((step) => ({ ...step, state })),
        )[0],
      ).toMatchObject({ state: 'OPEN', reused: false });
    }
  });

  test('opening the next step leaves an open one alone', () => {
    const steps = chain(facts([givenLine({ discountBps: 700, needsCheck: true })]));
    expect(openNext(steps)).toEqual(steps);
  });
});
