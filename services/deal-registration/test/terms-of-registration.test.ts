import { DealState, ProtectionState, SellingModel } from '@openprm/contracts/dealregistration';
import * as directory from '@openprm/contracts/partnerdirectory';
import { newId } from '@openprm/postgres';
import {
  eventsOf,
  givenApproved,
  givenConverted,
  givenDeals,
  givenDraft,
  givenOrganisation,
  givenPartner,
  givenSubmitted,
  someCustomer,
  usd,
  type Deals,
  type Partner,
} from './given';

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

test('the selling model comes from the program and must fit the type', async () => {
  expect((await givenDraft(partner, { type: 'REFERRAL', lines: [] })).sellingModel).toBe(SellingModel.REFERRAL);
  await expect(givenDraft(partner, { type: 'REFERRAL', sellingModel: SellingModel.WHITE_LABEL })).rejects.toMatchObject({
    reason: 'SELLING_MODEL_NOT_ALLOWED',
  });
  await expect(givenDraft(partner, { type: 'BARTER' })).rejects.toMatchObject({ reason: 'UNKNOWN_DEAL_TYPE' });
});

test('without an enrolment that offers the type nothing is registered', async () => {
  const other = await givenPartner(deals, {}, { dealTypes: ['REFERRAL'] });
  await expect(givenDraft(other)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'NOT_ENROLLED' });
  expect((await other.associate.listDealTypes({ partnerId: other.id })).dealTypes.map((type) => type.code)).toEqual(['REFERRAL']);
});

test('a suspended partner reads, and submits nothing', async () => {
  const other = await givenPartner(deals);
  const draft = await givenDraft(other);
  await deals.deliver(directory.PartnerSuspended, {
    partner: directory.Partner.fromPartial({
      id: other.id,
      name: other.name,
      kind: directory.OrganisationKind.EXTERNAL,
      state: directory.PartnerState.SUSPENDED,
      etag: '3',
    }),
  });
  await expect(other.associate.submitDeal({ id: draft.id })).rejects.toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'PARTNER_NOT_ACTIVE',
  });
  await expect(givenDraft(other)).rejects.toMatchObject({ reason: 'PARTNER_NOT_ACTIVE' });
  expect((await other.associate.getDeal({ id: draft.id })).moves).toEqual([]);
});

test('the number of open registrations is bound by the tier', async () => {
  const other = await givenPartner(deals, {}, { entitlements: { 'deal.maxOpenUnproven': '1' } });
  await givenSubmitted(other);
  await expect(givenSubmitted(other)).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED', reason: 'TOO_MANY_OPEN' });
});

test('a program approves by rule what nothing speaks against, and nothing else', async () => {
  const other = await givenPartner(deals, {}, { settings: { autoApproveLimits: [{ tier: 'GOLD', amount: usd(6_000) }] } });
  const approved = await givenSubmitted(other);
  expect(approved).toMatchObject({ state: DealState.APPROVED, autoApproved: true, protection: { state: ProtectionState.ACTIVE } });
  expect(await eventsOf(deals, approved.id)).toEqual(['DealCreated', 'DealSubmitted', 'DealApproved']);
  expect((await givenSubmitted(other, { amount: usd(6_001), lines: [{ productFamily: 'A', quantity: 1 }] })).state).toBe(
    DealState.SUBMITTED,
  );
  const again = await givenSubmitted(
    await givenPartner(deals, {}, { settings: { autoApproveLimits: [{ tier: 'GOLD', amount: usd(6_000) }] } }),
    { customer: approved.customer },
  );
  expect(again.state).toBe(DealState.SUBMITTED);
});

test('a repeated submit that a rule approved answers with the approval again', async () => {
  const other = await givenPartner(deals, {}, { settings: { autoApproveLimits: [{ tier: 'GOLD', amount: usd(6_000) }] } });
  const { id } = await givenDraft(other);
  const request = { id, requestId: newId() };
  const first = await other.associate.submitDeal(request);
  expect(first.state).toBe(DealState.APPROVED);
  expect(await other.associate.submitDeal(request)).toEqual(first);
  expect(await eventsOf(deals, id)).toEqual(['DealCreated', 'DealSubmitted', 'DealApproved']);
});

test('a recorded customer fills in what the deal leaves out, but not for strangers', async () => {
  const id = newId();
  await deals.deliver(directory.CustomerCreated, {
    customer: directory.Customer.fromPartial({
      id,
      name: 'Globex',
      country: 'US',
      taxId: '77',
      website: 'globex.com',
      partnerId: partner.id,
      etag: '1',
    }),
  });
  expect((await givenDraft(partner, { customer: { customerId: id } })).customer).toMatchObject({
    customerId: id,
    name: 'Globex',
    country: 'US',
    taxId: '77',
  });
  const stranger = await givenPartner(deals);
  await expect(givenDraft(stranger, { customer: { customerId: id } })).rejects.toMatchObject({
    details: { violations: [{ field: 'deal.customer.customer_id', reason: 'UNKNOWN_CUSTOMER' }] },
  });
});

test('the end of a partnership releases its protections', async () => {
  const other = await givenPartner(deals);
  const deal = await givenApproved(deals, other);
  await deals.deliver(directory.PartnerTerminated, {
    partner: directory.Partner.fromPartial({
      id: other.id,
      name: other.name,
      kind: directory.OrganisationKind.EXTERNAL,
      state: directory.PartnerState.TERMINATED,
      etag: '9',
    }),
  });
  expect((await deals.desk.getDeal({ id: deal.id })).protection).toMatchObject({
    state: ProtectionState.RELEASED,
    releaseReason: 'PARTNER_TERMINATED',
  });
});

test('a customer can have a second protection for another product family or country', async () => {
  const customer = someCustomer();
  const [left, right, third] = [await givenPartner(deals), await givenPartner(deals), await givenPartner(deals)];
  await givenApproved(deals, left, { customer });
  expect((await givenApproved(deals, right, { customer, lines: [{ productFamily: 'Storage', quantity: 1 }] })).protection?.state).toBe(
    ProtectionState.ACTIVE,
  );
  const abroad = { ...customer, country: 'FR', taxId: `FR${customer.taxId}` };
  expect((await givenApproved(deals, third, { customer: abroad })).protection?.state).toBe(ProtectionState.ACTIVE);
});

test('a deal converts without its partner where the program keeps conversion to the enterprise', async () => {
  const other = await givenPartner(deals);
  const deal = await givenApproved(deals, other);
  await expect(other.manager.convertDeal({ id: deal.id })).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'CONVERSION_NOT_ALLOWED',
  });
  const free = await givenPartner(deals, {}, { settings: { partnerMayConvert: true } });
  expect((await free.manager.convertDeal({ id: (await givenApproved(deals, free)).id })).state).toBe(DealState.CONVERTED);
});

test('an organisation moved in the hierarchy takes its deals along', async () => {
  const parent = await givenPartner(deals);
  const deal = await givenConverted(deals, partner);
  await expect(parent.manager.getDeal({ id: deal.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await givenOrganisation(deals, { id: partner.id, name: partner.name, parentId: parent.id, etag: '7' });
  expect((await parent.manager.getDeal({ id: deal.id })).id).toBe(deal.id);
  expect((await parent.associate.listDeals({})).deals).toEqual([]);
});

test('a claim goes to whoever can decide about it; a partner does not learn where', async () => {
  const managed = await givenPartner(deals, { relationshipManagerId: newId() });
  const referral = await givenSubmitted(managed, { type: 'REFERRAL', lines: [] });
  const resale = await givenSubmitted(managed);
  const queue = async (reviewGroup: string) =>
    (await deals.desk.listDeals({ partnerId: managed.id, reviewGroup })).deals.map((deal) => [deal.id, deal.routingReason !== '']);
  expect(await queue('RELATIONSHIP_MANAGER')).toEqual([[referral.id, true]]);
  expect(await queue('DEAL_DESK')).toEqual([[resale.id, true]]);
  expect(resale).toMatchObject({ reviewGroup: '', routingReason: '' });
  expect((await managed.manager.listDeals({ reviewGroup: 'DEAL_DESK' })).deals).toHaveLength(2);
});
