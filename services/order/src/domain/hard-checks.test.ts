import { firstRefusal } from './hard-checks';
import { givenFacts, givenLine, givenOrder, givenPartner, givenQuote, now, partnerA, partnerB, usd } from '../testing/given';

const reason = (...args: Parameters<typeof firstRefusal>) => firstRefusal(...args)?.reason ?? null;
const partners = (...list: ReturnType<typeof givenPartner>[]) => new Map(list.map((each) => [each.id, each]));

describe('an order is refused', () => {
  it('not at all when everything is in order', () => expect(reason(givenOrder(), givenFacts(), now)).toBeNull());

  it.each(['SUSPENDED', 'TERMINATED', 'PROSPECT'])('while its partner is %s', (state) => {
    expect(reason(givenOrder(), givenFacts({ partners: partners(givenPartner({ state })) }), now)).toBe('PARTNER_NOT_ACTIVE');
  });

  it('while the partner of a line is suspended or unknown', () => {
    const order = givenOrder({ lines: [givenLine(), givenLine({ linePartnerId: partnerB })] });
    expect(reason(order, givenFacts(), now)).toBe('PARTNER_NOT_ACTIVE');
    expect(reason(order, givenFacts({ partners: partners(givenPartner(), givenPartner({ id: partnerB, state: 'SUSPENDED' })) }), now)).toBe(
      'PARTNER_NOT_ACTIVE',
    );
  });

  it('without an active enrolment', () => {
    expect(reason(givenOrder(), givenFacts({ partners: partners(givenPartner({ enrolled: false })) }), now)).toBe('ENROLMENT_NOT_ACTIVE');
  });

  it.each([
    ['standard', 'extended', 'PRODUCT_NOT_ENTITLED'],
    ['standard', 'full', 'PRODUCT_NOT_ENTITLED'],
    ['extended', 'full', 'PRODUCT_NOT_ENTITLED'],
    ['standard', 'standard', null],
    ['extended', 'standard', null],
    ['full', 'full', null],
    ['unknown', 'standard', 'PRODUCT_NOT_ENTITLED'],
    ['standard', 'unknown', null],
  ])('with catalog scope %s and a product of scope %s: %s', (catalogScope, productScope, expected) => {
    const quote = givenQuote();
    const facts = givenFacts({
      partners: partners(givenPartner({ catalogScope })),
      quote: { ...quote, lines: quote.lines.map((line) => ({ ...line, productScope })) },
    });
    expect(reason(givenOrder(), facts, now)).toBe(expected);
  });

  it.each(['DRAFT', 'PRICED', 'APPROVED', 'PRESENTED', 'DECLINED', 'EXPIRED', 'CANCELLED', 'SUPERSEDED'])(
    'while its quote is %s',
    (state) => {
      expect(reason(givenOrder(), givenFacts({ quote: givenQuote({ state }) }), now)).toBe('QUOTE_NOT_ACCEPTED');
    },
  );

  it('when its quote is not known', () => expect(reason(givenOrder(), givenFacts({ quote: null }), now)).toBe('QUOTE_NOT_ACCEPTED'));

  it('not for lack of a quote when it came from outside', () =>
    expect(reason(givenOrder({ quoteId: null }), givenFacts({ quote: null }), now)).toBeNull());

  it('a millisecond after its quote ended, not at the end itself, not once it is ordered', () => {
    const end = new Date('2026-03-31T23:59:59.999Z');
    const facts = givenFacts({ quote: givenQuote({ validUntil: end }) });
    expect(reason(givenOrder(), facts, end)).toBeNull();
    expect(reason(givenOrder(), facts, new Date(end.getTime() + 1))).toBe('QUOTE_EXPIRED');
    expect(
      reason(givenOrder(), givenFacts({ quote: givenQuote({ validUntil: end, state: 'ORDERED' }) }), new Date(end.getTime() + 1)),
    ).toBeNull();
  });

  it('when a cent or the currency differs from the quote', () => {
    expect(reason(givenOrder({ lines: [givenLine({ amount: usd(100_001) })] }), givenFacts(), now)).toBe('TOTAL_DIFFERS');
    expect(
      reason(givenOrder({ currency: 'EUR', lines: [givenLine({ amount: { minor: 100_000n, currency: 'EUR' } })] }), givenFacts(), now),
    ).toBe('CURRENCY_DIFFERS');
  });

  it('without a country to deliver to', () => {
    const order = givenOrder();
    expect(reason({ ...order, shipTo: { ...order.shipTo, country: '' } }, givenFacts(), now)).toBe('ADDRESS_INCOMPLETE');
  });

  it('telling the partner by name, never another record', () => {
    const refusal = firstRefusal(givenOrder(), givenFacts({ partners: partners(givenPartner({ id: partnerA, state: 'SUSPENDED' })) }), now);
    expect(refusal?.message).toBe('Partner A is not active: it cannot order until the enterprise reinstates it.');
  });
});
