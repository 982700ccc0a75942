import * as deals from '@openprm/contracts/dealregistration';
import * as directory from '@openprm/contracts/partnerdirectory';
import { newId } from '@openprm/postgres';
import {
  givenCustomer,
  givenDeal,
  givenDraft,
  givenPartner,
  givenPriced,
  givenProduct,
  givenQuoting,
  refusal,
  usd,
  type Partner,
  type Quoting,
} from './given';

let quoting: Quoting;
let related: Partner;
beforeAll(async () => {
  quoting = await givenQuoting();
  related = await givenPartner(quoting);
});
afterAll(() => quoting.stop());

const authorised = () => ({
  partnerId: related.id,
  role: deals.RelatedPartnerRole.INFLUENCING,
  access: deals.RelatedPartnerAccess.AUTHORISED,
});

async function givenOpportunity(
  partnerId: string,
  customerId: string,
  etag: string,
  id: string,
  relatedPartners: object[],
): Promise<string> {
  const opportunity = deals.Opportunity.fromPartial({
    id,
    number: 'OP-000001',
    partnerId,
    customer: { customerId, name: 'Acme' },
    amount: usd(500),
    etag,
    relatedPartners,
    createTime: quoting.clock.now,
  });
  await quoting.deliver(deals.OpportunityCreated, { opportunity });
  return id;
}

test('a related partner gains and loses access with the opportunity', async () => {
  const first = await givenPartner(quoting);
  const customerId = await givenCustomer(quoting, first.id);
  const opportunityId = await givenOpportunity(first.id, customerId, '1', newId(), []);
  const draft = await givenDraft(first, [], { opportunityId });
  expect(await refusal(related.seller.getQuote({ id: draft.id }))).toBe('NOT_FOUND NOT_FOUND');
  await givenOpportunity(first.id, customerId, '2', opportunityId, [authorised()]);
  expect(await related.seller.getQuote({ id: draft.id })).toMatchObject({ id: draft.id });
  await first.seller.updateQuote({ quote: { id: draft.id, note: 'x' }, updateMask: ['note'] });
  expect(await related.seller.getQuote({ id: draft.id })).toMatchObject({ note: 'x' });
  await givenOpportunity(first.id, customerId, '3', opportunityId, []);
  await givenOpportunity(first.id, customerId, '2', opportunityId, [authorised()]);
  expect(await refusal(related.seller.getQuote({ id: draft.id }))).toBe('NOT_FOUND NOT_FOUND');
});

test('a membership taken away closes the door', async () => {
  const first = await givenPartner(quoting);
  const draft = await givenDraft(first, []);
  const staff = {
    id: newId(),
    partnerId: first.id,
    personId: newId(),
    name: 'Ann',
    email: 'ann@partner.example',
    role: directory.Role.PARTNER_ASSOCIATE,
    createTime: quoting.clock.now,
  };
  await quoting.deliver(directory.StaffActivated, {
    staffMember: directory.StaffMember.fromPartial({ ...staff, state: directory.MembershipState.ACTIVE, etag: '1' }),
  });
  expect(await quoting.by('ann@partner.example').getQuote({ id: draft.id })).toMatchObject({ id: draft.id });
  await quoting.deliver(directory.StaffDeactivated, {
    staffMember: directory.StaffMember.fromPartial({ ...staff, state: directory.MembershipState.DEACTIVATED, etag: '2' }),
  });
  expect(await refusal(quoting.by('ann@partner.example').getQuote({ id: draft.id }))).toBe('PERMISSION_DENIED ROLE_NOT_ALLOWED');
});

test('a protection that ends or is released no longer favours or bars', async () => {
  const [holder, rival] = [await givenPartner(quoting, { settings: { registrationDiscountPct: '10' } }), await givenPartner(quoting)];
  const product = await givenProduct(quoting);
  const customerId = await givenCustomer(quoting, rival.id);
  const dealId = newId();
  const protection = {
    id: newId(),
    dealId,
    partnerId: holder.id,
    customerId,
    families: ['GTX'],
    country: 'ALL',
    endTime: new Date(quoting.clock.now.getTime() + 86_400_000),
  };
  const deal = { id: dealId, partnerId: holder.id, customer: { customerId }, etag: '1' };
  await quoting.deliver(deals.DealApproved, {
    deal: deals.Deal.fromPartial({ ...deal, protection: { ...protection, state: deals.ProtectionState.ACTIVE } }),
  });
  const net = async (who: Partner, fields: object) => (await givenPriced(who, [{ productId: product.id }], fields)).lines[0]!.netAmount;
  expect(await net(holder, { dealId })).toEqual(usd(90));
  const discounted = () => refusal(givenPriced(rival, [{ productId: product.id, discountBasisPoints: 100 }], { customerId }));
  expect(await discounted()).toBe('FAILED_PRECONDITION DISCOUNT_NOT_POSSIBLE');
  await quoting.deliver(deals.DealWithdrawn, {
    deal: deals.Deal.fromPartial({ ...deal, etag: '2', protection: { ...protection, state: deals.ProtectionState.RELEASED } }),
  });
  await quoting.deliver(deals.DealApproved, {
    deal: deals.Deal.fromPartial({ ...deal, protection: { ...protection, state: deals.ProtectionState.ACTIVE } }),
  });
  expect(await net(holder, { dealId })).toEqual(usd(100));
  expect(await discounted()).toBe('accepted');
  await givenDeal(quoting, holder.id, { customerId, protectionState: deals.ProtectionState.PROVISIONAL });
  expect(await discounted()).toBe('accepted');
});
