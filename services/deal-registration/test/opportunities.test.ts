import {
  CloseReason,
  LeadMode,
  OpportunityStage,
  ProtectionState,
  RelatedPartnerAccess,
  RelatedPartnerRole,
} from '@openprm/contracts/dealregistration';
import * as orders from '@openprm/contracts/order';
import * as quoting from '@openprm/contracts/quoting';
import { newId } from '@openprm/postgres';
import { eventsOf, givenConverted, givenDeals, givenPartner, givenQuote, usd, type Deals, type Partner } from './given';

let deals: Deals;
let partner: Partner;
beforeAll(async () => {
  deals = await givenDeals();
  partner = await givenPartner(deals);
});
afterAll(() => deals.stop());
beforeEach(() => {
  deals.clock.now = new Date('2026-03-02T10:00:00.000Z');
});

const { QuoteState } = quoting;

test('stages go forward and back; a proposal needs an approved quote, a win an accepted one; closing ends the protection', async () => {
  const { id: dealId, opportunityId: id } = await givenConverted(deals, partner);
  await partner.associate.changeOpportunityStage({ id, stage: OpportunityStage.DEVELOP });
  await partner.associate.changeOpportunityStage({ id, stage: OpportunityStage.QUALIFY });
  await expect(partner.associate.changeOpportunityStage({ id, stage: OpportunityStage.PROPOSE })).rejects.toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'QUOTE_NEEDED',
  });
  const quote = { id: newId(), dealId, opportunityId: id };
  await givenQuote(deals, { ...quote, state: QuoteState.DRAFT });
  await expect(partner.associate.changeOpportunityStage({ id, stage: OpportunityStage.PROPOSE })).rejects.toMatchObject({
    reason: 'QUOTE_NEEDED',
  });
  await givenQuote(deals, { ...quote, state: QuoteState.APPROVED, etag: '2' });
  expect(await partner.associate.changeOpportunityStage({ id, stage: OpportunityStage.PROPOSE })).toMatchObject({
    stage: OpportunityStage.PROPOSE,
    probability: 60,
    quotes: [{ quoteId: quote.id, state: 'APPROVED' }],
  });
  await expect(partner.associate.winOpportunity({ id, reason: CloseReason.PRODUCT_MIX })).rejects.toMatchObject({ reason: 'QUOTE_NEEDED' });
  await givenQuote(deals, { ...quote, state: QuoteState.ACCEPTED, etag: '3' });
  const won = await partner.associate.winOpportunity({ id, reason: CloseReason.PRODUCT_MIX, text: 'The bundle.', amount: usd(4_800) });
  expect(won).toMatchObject({
    stage: OpportunityStage.CLOSED_WON,
    closeDate: '2026-03-02',
    amount: usd(4_800),
    protection: { state: ProtectionState.RELEASED },
    moves: [],
  });
  expect((await deals.desk.getDeal({ id: dealId })).protection).toMatchObject({
    state: ProtectionState.RELEASED,
    releaseReason: 'OPPORTUNITY_CLOSED',
  });
  expect(await eventsOf(deals, id)).toEqual([
    'OpportunityCreated',
    'OpportunityStageChanged',
    'OpportunityStageChanged',
    'OpportunityStageChanged',
    'OpportunityWon',
  ]);
  expect((await eventsOf(deals, dealId)).at(-1)).toBe('DealProtectionChanged');
});

test('a quote event that is late or comes twice changes nothing', async () => {
  const { opportunityId } = await givenConverted(deals, partner);
  const quote = { id: newId(), opportunityId };
  await givenQuote(deals, { ...quote, state: QuoteState.ACCEPTED, etag: '5' });
  await givenQuote(deals, { ...quote, state: QuoteState.DRAFT, etag: '1' });
  await givenQuote(deals, { ...quote, state: QuoteState.ACCEPTED, etag: '5' });
  expect((await partner.associate.getOpportunity({ id: opportunityId })).quotes).toMatchObject([{ quoteId: quote.id, state: 'ACCEPTED' }]);
});

test('an order from outside is enough to win, and bars reopening', async () => {
  const { opportunityId: id } = await givenConverted(deals, partner);
  const order = orders.Order.fromPartial({ id: newId(), opportunityId: id, state: orders.OrderState.FULFILLED, etag: '1' });
  await deals.deliver(orders.OrderImported, { order });
  expect((await partner.manager.winOpportunity({ id, reason: CloseReason.PRICE })).orderIds).toEqual([order.id]);
  await expect(deals.admin.reopenOpportunity({ id, reason: 'Again.' })).rejects.toMatchObject({ reason: 'ORDER_EXISTS' });
});

test('losing takes a reason that fits; reopening takes the enterprise, and 30 days at most', async () => {
  const { opportunityId: id } = await givenConverted(deals, partner);
  await expect(partner.associate.loseOpportunity({ id, reason: CloseReason.PRODUCT_MIX })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  await expect(partner.associate.loseOpportunity({ id, reason: CloseReason.PRICE, closeDate: '2026-03-03' })).rejects.toMatchObject({
    reason: 'INVALID_DATE',
  });
  await partner.associate.loseOpportunity({ id, reason: CloseReason.COMPETITOR, closeDate: '2026-03-01' });
  await expect(partner.manager.reopenOpportunity({ id, reason: 'They called.' })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  deals.clock.now = new Date('2026-04-02T10:00:00Z');
  await expect(deals.admin.reopenOpportunity({ id, reason: 'They called.' })).rejects.toMatchObject({ reason: 'REOPEN_TOO_LATE' });
  deals.clock.now = new Date('2026-03-31T10:00:00Z');
  expect(await deals.admin.reopenOpportunity({ id, reason: 'They called.' })).toMatchObject({
    stage: OpportunityStage.QUALIFY,
    closeDate: '',
  });
});

test('several partners are related, with shares that sum to 100 per role', async () => {
  const { opportunityId: id } = await givenConverted(deals, partner);
  const [left, right] = [await givenPartner(deals), await givenPartner(deals)];
  const share = (partnerId: string, attributionPercent: number) => ({
    partnerId,
    role: RelatedPartnerRole.INFLUENCING,
    access: RelatedPartnerAccess.AUTHORISED,
    attributionPercent,
  });
  await expect(deals.desk.setOpportunityPartners({ id, relatedPartners: [share(left.id, 60), share(right.id, 60)] })).rejects.toMatchObject(
    { reason: 'ATTRIBUTION_SUM' },
  );
  await expect(deals.desk.setOpportunityPartners({ id, relatedPartners: [share(newId(), 100)] })).rejects.toMatchObject({
    details: { violations: [{ field: 'related_partners[0].partner_id', reason: 'UNKNOWN_PARTNER' }] },
  });
  const set = await deals.desk.setOpportunityPartners({ id, relatedPartners: [share(left.id, 60), share(right.id, 40)] });
  expect(set.relatedPartners.map((each) => [each.partnerName, each.attributionPercent])).toEqual([
    [left.name, 60],
    [right.name, 40],
  ]);
  expect((await left.associate.getOpportunity({ id })).id).toBe(id);
  await deals.desk.setOpportunityPartners({ id, relatedPartners: [] });
  await expect(left.associate.getOpportunity({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('an opportunity that nobody touches is stalled after 30 days', async () => {
  const { opportunityId: id } = await givenConverted(deals, partner);
  deals.clock.now = new Date('2026-04-01T10:00:00Z');
  expect((await partner.associate.getOpportunity({ id })).stalled).toBe(false);
  deals.clock.now = new Date('2026-04-01T10:00:01Z');
  expect((await partner.associate.getOpportunity({ id })).stalled).toBe(true);
});

test('the enterprise records a direct opportunity, and passes one to a partner', async () => {
  const customer = { name: 'Initech', country: 'US' };
  const direct = await deals.desk.createOpportunity({ opportunity: { title: 'Direct', customer, amount: usd(10) } });
  expect(direct).toMatchObject({ partnerId: '', leadMode: LeadMode.PARENT_LED, stage: OpportunityStage.PROSPECT });
  const passed = await deals.desk.createOpportunity({
    opportunity: { title: 'For you', customer, partnerId: partner.id, amount: usd(10) },
  });
  expect((await partner.associate.getOpportunity({ id: passed.id })).partnerName).toBe(partner.name);
  await expect(partner.associate.getOpportunity({ id: direct.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(partner.manager.createOpportunity({ opportunity: { title: 'Mine', customer } })).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
});

test('the figures of a partner are those of its records, one sum per currency', async () => {
  const house = await givenPartner(deals);
  const child = await givenPartner(deals, { parentId: house.id });
  const euro = (units: number) => ({ currencyCode: 'EUR', units: BigInt(units), nanos: 0 });
  const won = await givenConverted(deals, child, { amount: usd(1_000), lines: [{ productFamily: 'A', quantity: 1 }] });
  await givenQuote(deals, { opportunityId: won.opportunityId, state: QuoteState.ACCEPTED });
  await child.manager.winOpportunity({ id: won.opportunityId, reason: CloseReason.PRICE });
  await givenConverted(deals, house, { amount: euro(500), lines: [{ productFamily: 'A', quantity: 1 }] });
  const lost = await givenConverted(deals, house, { amount: usd(300), lines: [{ productFamily: 'A', quantity: 1 }] });
  await house.manager.loseOpportunity({ id: lost.opportunityId, reason: CloseReason.PRICE });
  const summary = await house.manager.summarizeOpportunities({ partnerId: house.id, includeDescendants: true });
  expect(summary).toMatchObject({
    total: 3,
    open: 1,
    won: 1,
    lost: 1,
    winRate: 0.5,
    openPipeline: [euro(500)],
    forecast: [euro(100)],
    wonRevenue: [usd(1_000)],
    wonMonths: [{ month: '2026-03', count: 1, amounts: [usd(1_000)] }],
  });
  expect(summary.recent).toHaveLength(3);
  expect(summary.recentActivity.map((each) => each.move)).toEqual(expect.arrayContaining(['win', 'lose', 'create']));
  expect((await house.manager.summarizeOpportunities({ partnerId: house.id })).total).toBe(2);
  const figures = await deals.admin.summarizeDeals({ partnerId: house.id, includeDescendants: true });
  expect(figures).toMatchObject({ total: 3, decided: 3, granted: 3, hitRate: 1, protectionsActive: 1, amounts: [euro(500), usd(1_300)] });
  expect(figures.states).toMatchObject([{ state: 'DEAL_STATE_CONVERTED', count: 3 }]);
  expect((await house.associate.summarizeDeals({ partnerId: house.id, includeDescendants: true })).total).toBe(2);
});
