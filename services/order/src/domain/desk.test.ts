import { nextBusinessDay } from './business-day';
import { answerOrder, approveOrder, correctOrder, rejectOrder, requestInfo } from './desk';
import { acceptCancel, cancelOrder, holdOrder, moveOrderLine, refuseCancel, requestCancel, sideOf } from './delivery';
import { linkOrder } from './edit';
import { importOrder, type Imported } from './import';
import {
  desk,
  givenFacts,
  givenLine,
  givenLines,
  givenOrder,
  givenOrderIn,
  givenQuote,
  nextId,
  now,
  partnerA,
  partnerB,
  seller,
  usd,
} from '../testing/given';

const making = { id: nextId(), number: 'OR-000009', newId: nextId, by: seller, now };

describe('the order desk', () => {
  it('approves into fulfilment', () => {
    const { steps } = approveOrder(givenOrderIn('UNDER_REVIEW'), desk, { comment: 'fine', internalNote: 'called' }, now);
    expect(steps.map((step) => [step.event, step.order.state, step.order.version])).toEqual([
      ['OrderApproved', 'APPROVED', 6],
      ['OrderFulfilmentStarted', 'IN_FULFILMENT', 7],
    ]);
    expect(steps[0]).toMatchObject({
      comment: 'fine',
      internalNote: 'called',
      order: { decisionComment: 'fine', decisionTime: now, reviewDueTime: null },
    });
  });

  it('rejects with a code', () => {
    expect(rejectOrder(givenOrderIn('UNDER_REVIEW'), desk, { reason: 'CREDIT', comment: 'over the line' }, now).order).toMatchObject({
      state: 'REJECTED',
      rejectReason: 'CREDIT',
      decisionComment: 'over the line',
    });
  });

  it('asks, and its clock stands still until the answer', () => {
    const asked = requestInfo(givenOrderIn('UNDER_REVIEW', { reviewDueTime: now }), desk, { comment: 'Which site?' }, now).order;
    expect(asked).toMatchObject({ state: 'INFO_REQUESTED', question: 'Which site?', reviewDueTime: null });
    const answered = answerOrder(
      asked,
      { comment: 'North.', shipTo: { ...asked.shipTo, city: 'Boston' }, purchaseOrderNumber: '' },
      now,
    ).order;
    expect(answered).toMatchObject({
      state: 'UNDER_REVIEW',
      question: '',
      shipTo: { city: 'Boston' },
      purchaseOrderNumber: asked.purchaseOrderNumber,
      reviewDueTime: nextBusinessDay(now),
    });
  });

  it.each(['', '  '])('cannot ask "%s"', (comment) => {
    expect(() => requestInfo(givenOrderIn('UNDER_REVIEW'), desk, { comment }, now)).toThrow(
      expect.objectContaining({ reason: 'REASON_REQUIRED' }),
    );
  });

  it('has until the same time on the next day from Monday to Friday', () => {
    expect(nextBusinessDay(new Date('2026-03-13T16:00:00Z'))).toEqual(new Date('2026-03-16T16:00:00Z'));
    expect(nextBusinessDay(new Date('2026-03-14T16:00:00Z'))).toEqual(new Date('2026-03-16T16:00:00Z'));
    expect(nextBusinessDay(new Date('2026-03-10T16:00:00Z'))).toEqual(new Date('2026-03-11T16:00:00Z'));
  });
});

describe('a rejected order', () => {
  it('is corrected by a draft of its own, with the same lines under new ids', () => {
    const rejected = givenOrderIn('REJECTED', {
      rejectReason: 'CREDIT',
      reviewReasons: [{ rule: 'FIRST_ORDERS', text: '' }],
      decisionTime: now,
    });
    const { order } = correctOrder(rejected, making);
    expect(order).toMatchObject({
      state: 'DRAFT',
      version: 1,
      number: 'OR-000009',
      resubmissionOfId: rejected.id,
      quoteId: rejected.quoteId,
      rejectReason: null,
      reviewReasons: [],
      decisionTime: null,
      submittedBy: null,
    });
    expect(order.lines.map((line) => line.amount)).toEqual(rejected.lines.map((line) => line.amount));
    expect(order.lines[0]!.id).not.toBe(rejected.lines[0]!.id);
  });
});

describe('delivery', () => {
  it('becomes partial and then whole, line by line, and keeps the last day', () => {
    const order = givenOrderIn('IN_FULFILMENT', { lines: givenLines('PENDING', 'PENDING') });
    const [first, second] = order.lines;
    const one = moveOrderLine(order, 'fulfilLine', { lineId: second!.id, fulfilTime: new Date('2026-03-12T00:00:00Z') }, now).order;
    expect(one).toMatchObject({ state: 'PARTIALLY_FULFILLED', fulfilTime: null });
    const all = moveOrderLine(one, 'fulfilLine', { lineId: first!.id }, now).order;
    expect(all).toMatchObject({ state: 'FULFILLED', fulfilTime: new Date('2026-03-12T00:00:00Z') });
  });

  it('waits for stock until a day', () => {
    const order = givenOrderIn('IN_FULFILMENT');
    const expectedTime = new Date('2026-04-01T00:00:00Z');
    const { order: waiting, steps } = moveOrderLine(order, 'backorderLine', { lineId: order.lines[0]!.id, expectedTime }, now);
    expect(waiting.lines[0]).toMatchObject({ state: 'BACKORDERED', expectedTime });
    expect(steps[0]).toMatchObject({ event: 'OrderLineBackordered', lineId: order.lines[0]!.id });
  });

  it.each(['IN_FULFILMENT', 'PARTIALLY_FULFILLED', 'ON_HOLD'] as const)('goes on in %s when a cancellation is refused', (state) => {
    const asked = requestCancel(givenOrderIn(state), 'too late', now).order;
    expect(asked).toMatchObject({ state: 'CANCEL_REQUESTED', backTo: state, stateReason: 'too late' });
    expect(refuseCancel(asked, 'already shipped', now).order).toMatchObject({ state, backTo: null, stateReason: '' });
  });

  it('ends with what was delivered when a cancellation is accepted', () => {
    const partial = givenOrderIn('CANCEL_REQUESTED', { lines: givenLines('FULFILLED', 'PENDING', 'BACKORDERED') });
    expect(acceptCancel(partial, '', now).order).toMatchObject({
      state: 'FULFILLED',
      lines: [{ state: 'FULFILLED' }, { state: 'CANCELLED' }, { state: 'CANCELLED' }],
    });
    expect(acceptCancel(givenOrderIn('CANCEL_REQUESTED'), '', now).order).toMatchObject({ state: 'CANCELLED', cancelTime: now });
  });

  it('never starts after a cancellation', () => {
    expect(cancelOrder(givenOrderIn('UNDER_REVIEW'), 'changed mind', now).order).toMatchObject({
      state: 'CANCELLED',
      lines: [{ state: 'CANCELLED' }],
      cancelTime: now,
      stateReason: 'changed mind',
    });
  });

  it.each([holdOrder, cancelOrder, requestCancel])('needs a reason to stop', (stop) => {
    const order = givenOrderIn(stop === cancelOrder ? 'SUBMITTED' : 'IN_FULFILMENT');
    expect(() => stop(order, ' ', now)).toThrow(expect.objectContaining({ reason: 'REASON_REQUIRED' }));
  });

  it.each([
    ['PARTNER_ASSOCIATE', 'PARTNER'],
    ['PARTNER_MANAGER', 'PARTNER'],
    ['PARTNER_ADMIN', null],
    ['ORDER_DESK', 'DESK'],
    ['ENTERPRISE_ADMIN', 'DESK'],
    ['ENTERPRISE_EXECUTIVE', null],
    ['RELATIONSHIP_MANAGER', null],
    ['SYSTEM', 'SYSTEM'],
  ])('puts %s on the side %s', (role, side) => expect(sideOf(role)).toBe(side));
});

describe('an order from outside', () => {
  const item = (change: Partial<Imported> = {}): Imported => ({
    externalId: 'X1',
    source: 'crm',
    partner: { id: partnerA, name: 'Partner A' },
    customer: givenFacts().customer!,
    quote: null,
    opportunityId: null,
    dealId: null,
    currency: 'USD',
    lines: [givenLine({ amount: usd(100_000) })],
    delivered: true,
    orderTime: new Date('2017-03-01T00:00:00Z'),
    fulfilTime: new Date('2017-03-05T00:00:00Z'),
    owner: { personId: partnerB, name: 'Moses Frase', email: 'moses@partner.example' },
    shipTo: null,
    purchaseOrderNumber: '',
    ...change,
  });

  it('is recorded as delivered with its historic dates', () => {
    const { order, steps } = importOrder(item(), making);
    expect(order).toMatchObject({
      state: 'FULFILLED',
      orderTime: new Date('2017-03-01T00:00:00Z'),
      submitTime: new Date('2017-03-01T00:00:00Z'),
      fulfilTime: new Date('2017-03-05T00:00:00Z'),
      ownerName: 'Moses Frase',
      createTime: now,
    });
    expect(order.lines[0]).toMatchObject({ state: 'FULFILLED', fulfilTime: new Date('2017-03-05T00:00:00Z'), position: 1 });
    expect(steps).toMatchObject([{ move: 'import', event: 'OrderImported' }]);
  });

  it('starts as a draft when it still has to be delivered', () => {
    expect(importOrder(item({ delivered: false }), making).order).toMatchObject({
      state: 'DRAFT',
      submitTime: null,
      lines: [{ state: 'PENDING', fulfilTime: null }],
    });
  });

  it('takes opportunity and deal from its quote, and must agree with it', () => {
    const quote = givenQuote({ opportunityId: nextId(), dealId: nextId() });
    expect(importOrder(item({ quote }), making).order).toMatchObject({
      quoteId: quote.id,
      opportunityId: quote.opportunityId,
      dealId: quote.dealId,
    });
    expect(() => importOrder(item({ quote: givenQuote({ total: usd(1) }) }), making)).toThrow(
      expect.objectContaining({ reason: 'TOTAL_DIFFERS' }),
    );
    expect(() => importOrder(item({ quote: givenQuote({ partnerId: partnerB }) }), making)).toThrow(
      expect.objectContaining({ reason: 'UNKNOWN_QUOTE' }),
    );
    expect(() =>
      importOrder(item({ quote: givenQuote({ currency: 'EUR', total: { minor: 100_000n, currency: 'EUR' } }) }), making),
    ).toThrow(expect.objectContaining({ reason: 'CURRENCY_DIFFERS' }));
  });

  it('cannot be delivered before it was ordered', () => {
    expect(() => importOrder(item({ fulfilTime: new Date('2017-02-28T00:00:00Z') }), making)).toThrow(
      expect.objectContaining({ reason: 'INVALID_DATES' }),
    );
  });

  it('is linked later, once, to something that fits', () => {
    const order = givenOrder({ source: 'crm', quoteId: null, quoteNumber: null });
    const opportunityId = nextId();
    const linked = linkOrder(order, { quote: givenQuote(), opportunityId, dealId: null }, now).order;
    expect(linked).toMatchObject({ quoteId: givenQuote().id, quoteNumber: 'QU-000001', opportunityId, dealId: null, state: order.state });
    expect(linkOrder(linked, { quote: null, opportunityId, dealId: null }, now).order.opportunityId).toBe(opportunityId);
    expect(() => linkOrder(linked, { quote: null, opportunityId: nextId(), dealId: null }, now)).toThrow(
      expect.objectContaining({ reason: 'ALREADY_LINKED' }),
    );
    expect(() => linkOrder(order, { quote: givenQuote({ total: usd(1) }), opportunityId: null, dealId: null }, now)).toThrow(
      expect.objectContaining({ reason: 'TOTAL_DIFFERS' }),
    );
  });
});
