import { NOW, OTHER, OWNER } from '../testing/given';
import { standingOf, type Offer, type Protection } from './protection';

const protection = (fields: Partial<Protection> = {}): Protection => ({
  dealId: 'deal',
  opportunityId: null,
  partnerId: OWNER,
  customerId: 'acme',
  families: ['GTX'],
  country: 'DE',
  endsAt: new Date('2026-03-31T23:59:59Z'),
  ...fields,
});
const offer = (fields: Partial<Offer> = {}): Offer => ({
  ownerId: OWNER,
  dealId: null,
  opportunityId: null,
  customerId: 'acme',
  country: 'DE',
  ...fields,
});
const standing = (held: Partial<Protection>, on: Partial<Offer> = {}, line: { family?: string; linePartnerId?: string } = {}) =>
  standingOf([protection(held)], offer(on), { family: 'GTX', linePartnerId: OWNER, ...line }, NOW);

const FAVOURED = { holder: true, barred: false };
const NEUTRAL = { holder: false, barred: false };
const BARRED = { holder: false, barred: true };

test('the holder is favoured for its customer, family and country', () => expect(standing({})).toEqual(FAVOURED));
test('also under another letter case, or when all families or countries are covered', () => {
  expect(standing({ families: ['gtx'] })).toEqual(FAVOURED);
  expect(standing({ families: ['*'], country: 'ALL' })).toEqual(FAVOURED);
});
test('not for another family, customer or country', () => {
  expect(standing({}, {}, { family: 'MG' })).toEqual(NEUTRAL);
  expect(standing({}, { customerId: 'other' })).toEqual(NEUTRAL);
  expect(standing({}, { country: 'FR' })).toEqual(NEUTRAL);
});
test('not after its end, but at its very last second', () => {
  expect(standing({ endsAt: NOW })).toEqual(FAVOURED);
  expect(standing({ endsAt: new Date(NOW.getTime() - 1) })).toEqual(NEUTRAL);
});
test("the quote's own deal counts also for a customer that is not recorded", () => {
  expect(standing({ customerId: null }, { customerId: null, dealId: 'deal' })).toEqual(FAVOURED);
  expect(standing({ customerId: null }, { customerId: null })).toEqual(NEUTRAL);
  expect(standing({ customerId: null, opportunityId: 'opp' }, { customerId: null, opportunityId: 'opp' })).toEqual(FAVOURED);
});
test('somebody else is barred', () => expect(standing({ partnerId: OTHER })).toEqual(BARRED));
test("a co-seller in the holder's offer is neither favoured nor barred", () => {
  expect(standing({}, {}, { linePartnerId: OTHER })).toEqual(NEUTRAL);
});
test('a co-seller in the offer of a third is barred', () => {
  expect(standing({ partnerId: 'third' }, {}, { linePartnerId: OTHER })).toEqual(BARRED);
});
test('the offer made from the protected deal itself bars nobody in it', () => {
  expect(standing({ partnerId: 'third' }, { dealId: 'deal' })).toEqual(NEUTRAL);
});
