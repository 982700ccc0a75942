import { SellingModel as DealSellingModel } from '@openprm/contracts/dealregistration';
import {
  PartnerActivated,
  PartnerState,
  PartnerTerminated,
  RelationOwner,
  Role,
  OrganisationKind,
} from '@openprm/contracts/partnerdirectory';
import { CaseState, CommentStream, OnBehalfOf, QueueOwner, SellingModel, Side } from '@openprm/contracts/supportcase';
import { newId } from '@openprm/postgres';
import { runDeadlines } from '../src/usecases/run-deadlines';
import {
  ADMIN,
  AGENT,
  at,
  eventsOf,
  forCustomer,
  givenAssociate,
  givenCase,
  givenCases,
  givenCustomer,
  givenDeal,
  givenPartner,
  givenStaff,
  type Cases,
} from './given';

let cases: Cases;
beforeAll(async () => {
  cases = await givenCases();
});
afterAll(() => cases.stop());
beforeEach(() => at(cases, '03-02T10:00'));

const agent = () => cases.by(AGENT);
const admin = () => cases.by(ADMIN);
const missing = async (work: Promise<unknown>) =>
  expect(work).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('No such case') });

test.each([
  [RelationOwner.PARENT, QueueOwner.PARENT, Side.PARENT],
  [RelationOwner.BOTH, QueueOwner.SHARED, Side.PARTNER],
  [RelationOwner.PARTNER, QueueOwner.PARTNER, Side.PARTNER],
])('a case for an end customer follows the service model %s to queue %s, held by %s', async (relationOwner, queueOwner, side) => {
  const { api, partnerId } = await givenAssociate(cases);
  const opened = await givenCase(api, forCustomer(await givenCustomer(cases, partnerId, relationOwner)));
  expect([opened.queueOwner, opened.holder!.side]).toEqual([queueOwner, side]);
});

test.each([
  [SellingModel.REFERRAL, QueueOwner.PARENT],
  [SellingModel.REG_PARENT_RETAINS, QueueOwner.PARENT],
  [SellingModel.REG_PARTNER_RETAINS, QueueOwner.PARTNER],
  [SellingModel.DUAL, QueueOwner.SHARED],
  [SellingModel.WHITE_LABEL, QueueOwner.PARTNER],
])('the selling model %s goes before the service model: %s', async (sellingModel, queueOwner) => {
  const { api, partnerId } = await givenAssociate(cases);
  const customerId = await givenCustomer(cases, partnerId, queueOwner === QueueOwner.PARENT ? RelationOwner.PARTNER : RelationOwner.PARENT);
  expect((await givenCase(api, { ...forCustomer(customerId), sellingModel })).queueOwner).toBe(queueOwner);
});

test('the selling model of the deal counts when the case names a deal', async () => {
  const { api, partnerId } = await givenAssociate(cases);
  const dealId = await givenDeal(cases, partnerId, DealSellingModel.DUAL);
  const opened = await givenCase(api, { ...forCustomer(await givenCustomer(cases, partnerId, RelationOwner.PARENT)), dealId });
  expect([opened.queueOwner, opened.sellingModel]).toEqual([QueueOwner.SHARED, SellingModel.DUAL]);
  const stranger = await givenAssociate(cases);
  await expect(givenCase(stranger.api, { dealId })).rejects.toMatchObject({ details: { violations: [{ reason: 'UNKNOWN_DEAL' }] } });
});

test('a contact who is no customer yet follows the category', async () => {
  const { api } = await givenAssociate(cases);
  const lead = { onBehalfOf: OnBehalfOf.END_CUSTOMER, contactName: 'Lea Lead', contactEmail: 'lea@example.com' };
  expect((await givenCase(api, { ...lead, category: 'SALES' })).queueOwner).toBe(QueueOwner.PARTNER);
  expect((await givenCase(api, { ...lead, category: 'PRODUCT_CONFIGURATION' })).queueOwner).toBe(QueueOwner.SHARED);
  expect((await givenCase(api, { ...lead, category: 'LICENSING' })).queueOwner).toBe(QueueOwner.PARENT);
});

test("a partner's own queue is worked by the partner, unseen by the enterprise but for numbers", async () => {
  const { api, partnerId } = await givenAssociate(cases);
  const { id } = await givenCase(api, forCustomer(await givenCustomer(cases, partnerId, RelationOwner.PARTNER)));
  await missing(admin().getCase({ id }));
  await missing(agent().getCase({ id }));
  expect((await admin().listCases({ partnerId })).cases).toEqual([]);
  expect(await admin().summarizeCases({ partnerId })).toMatchObject({
    caseCount: 1n,
    openCount: 1n,
    partnerQueueOpenCount: 1n,
    recent: [],
    recentActivity: [],
  });
  expect((await api.acceptCase({ id })).state).toBe(CaseState.OPEN);
  await api.resolveCase({ id, resolutionCode: 'ANSWERED', resolutionText: 'Done.' });
  expect((await api.closeCase({ id })).state).toBe(CaseState.CLOSED);
});

test('a partner refers a case of its own queue: the enterprise reads it, accepts it, and answers', async () => {
  const { api, partnerId } = await givenAssociate(cases);
  const { id } = await givenCase(api, forCustomer(await givenCustomer(cases, partnerId, RelationOwner.PARTNER)));
  await api.acceptCase({ id });
  const referred = await api.handOverCase({ id, reason: 'NEEDS_PRODUCT_EXPERT', comment: 'Too deep for us.' });
  expect(referred).toMatchObject({
    state: CaseState.OPEN,
    holder: { side: Side.PARENT },
    handOver: { toSide: Side.PARENT, acceptUntil: new Date('2026-03-02T14:00:00Z') },
  });
  expect((await agent().acceptCaseHandOver({ id })).holder).toMatchObject({ side: Side.PARENT, personName: 'agent' });
  await expect(agent().acceptCaseHandOver({ id })).rejects.toMatchObject({ reason: 'NO_HAND_OVER' });
  expect((await agent().listCaseComments({ caseId: id })).comments).toMatchObject([{ text: 'Too deep for us.' }]);
  expect(await eventsOf(cases, id)).toEqual(['CaseCreated', 'CaseAssigned', 'CaseHandedOver', 'CaseHandOverAccepted']);
});

test('a shared case changes hands both ways and clocks go on', async () => {
  const { api, partnerId } = await givenAssociate(cases);
  const opened = await givenCase(api, forCustomer(await givenCustomer(cases, partnerId, RelationOwner.BOTH)));
  const { id } = opened;
  await api.acceptCase({ id });
  await api.handOverCase({ id, reason: 'COMPLEX' });
  await expect(api.handOverCase({ id, reason: 'AGAIN' })).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'HAND_OVER_NOT_ALLOWED',
  });
  await agent().acceptCaseHandOver({ id });
  await agent().handOverCase({ id, reason: 'LOCAL', toSide: Side.PARTNER });
  const back = await api.acceptCaseHandOver({ id });
  expect(back.holder).toMatchObject({ side: Side.PARTNER });
  expect(back.clocks.map((clock) => clock.dueTime)).toEqual(opened.clocks.map((clock) => clock.dueTime));
});

test('a hand-over nobody accepts in four business hours falls to the duty group', async () => {
  const { api, partnerId } = await givenAssociate(cases);
  const { id } = await givenCase(api, forCustomer(await givenCustomer(cases, partnerId, RelationOwner.BOTH)));
  await api.acceptCase({ id });
  at(cases, '03-02T15:00');
  await api.handOverCase({ id, reason: 'COMPLEX' });
  at(cases, '03-03T10:59');
  await runDeadlines(cases.service.deps);
  expect((await agent().getCase({ id })).handOver).toBeDefined();
  at(cases, '03-03T11:00');
  await runDeadlines(cases.service.deps);
  expect(await agent().getCase({ id })).toMatchObject({
    handOver: undefined,
    holder: { side: Side.PARENT, group: 'SUPPORT', personId: '' },
  });
  expect((await eventsOf(cases, id)).at(-1)).toBe('CaseHandOverFellBack');
});

test('what a customer told the enterprise stays there when the enterprise keeps the customer', async () => {
  const { api, partnerId } = await givenAssociate(cases);
  const customerId = await givenCustomer(cases, partnerId, RelationOwner.PARENT);
  const hidden = await givenCase(agent(), {
    partnerId,
    ...forCustomer(customerId),
    sellingModel: SellingModel.REG_PARENT_RETAINS,
    openedByCustomer: true,
  });
  await missing(api.getCase({ id: hidden.id }));
  expect((await api.listCases({})).cases).toEqual([]);
  expect(await api.summarizeCases({ partnerId })).toMatchObject({ caseCount: 0n, recent: [] });
  expect((await cases.outbox()).find((event) => event.key === hidden.id)?.audience).toEqual([]);
  await agent().acceptCase({ id: hidden.id });
  await expect(agent().handOverCase({ id: hidden.id, reason: 'LOCAL' })).rejects.toMatchObject({ reason: 'HAND_OVER_NOT_ALLOWED' });
  const own = await givenCase(api, { ...forCustomer(customerId), sellingModel: SellingModel.REG_PARENT_RETAINS, openedByCustomer: true });
  expect((await api.getCase({ id: own.id })).queueOwner).toBe(QueueOwner.PARENT);
});

test('an associate sees cases of the own organisations, a manager also those below, a stranger none', async () => {
  const parent = await givenAssociate(cases);
  const child = await givenAssociate(cases, { parentId: parent.partnerId });
  const manager = await givenStaff(cases, parent.partnerId, Role.PARTNER_MANAGER);
  const stranger = await givenAssociate(cases);
  const [above, below] = [await givenCase(parent.api), await givenCase(child.api)];
  const seen = async (api: typeof parent.api) => (await api.listCases({})).cases.map((each) => each.id);
  expect(await seen(parent.api)).toEqual([above.id]);
  expect(await seen(child.api)).toEqual([below.id]);
  expect(await seen(manager.api)).toEqual([below.id, above.id]);
  expect(await seen(stranger.api)).toEqual([]);
  await missing(parent.api.getCase({ id: below.id }));
  for (const refused of [
    stranger.api.getCase({ id: above.id }),
    stranger.api.cancelCase({ id: above.id }),
    stranger.api.getCaseHistory({ id: above.id }),
    stranger.api.listCaseComments({ caseId: above.id }),
    stranger.api.addCaseComment({ caseId: above.id, comment: { text: 'x' } }),
    stranger.api.updateCase({ case: { id: above.id, subject: 'x', category: 'GENERAL' }, updateMask: ['subject'] }),
    stranger.api.getCase({ id: newId() }),
  ])
    await missing(refused);
  await expect(stranger.api.summarizeCases({ partnerId: parent.partnerId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(givenCase(stranger.api, { partnerId: parent.partnerId })).rejects.toMatchObject({
    details: { violations: [{ reason: 'UNKNOWN_PARTNER' }] },
  });
  await expect(givenCase(stranger.api, { followsCaseId: above.id })).rejects.toMatchObject({
    details: { violations: [{ reason: 'UNKNOWN_CASE' }] },
  });
});

test('a membership taken away counts at once', async () => {
  const { api, partnerId, email } = await givenAssociate(cases);
  const { id } = await givenCase(api);
  await cases.service.database.query(`update access_memberships set state = 'DEACTIVATED' where email = $1`, [email]);
  cases.service.callers.forget();
  await expect(api.getCase({ id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  expect((await admin().listCases({ partnerId })).cases).toHaveLength(1);
});

test('a relationship manager reads the cases of the partners assigned, an executive all and changes none', async () => {
  const manager = await givenStaff(cases, cases.enterpriseId, Role.RELATIONSHIP_MANAGER, 'rm@enterprise.example');
  const executive = await givenStaff(cases, cases.enterpriseId, Role.ENTERPRISE_EXECUTIVE, 'executive@enterprise.example');
  const mine = await givenAssociate(cases, { relationshipManagerId: manager.personId });
  const other = await givenAssociate(cases);
  const [seen, hidden] = [await givenCase(mine.api), await givenCase(other.api)];
  expect((await manager.api.listCases({})).cases.map((each) => each.id)).toEqual([seen.id]);
  await missing(manager.api.getCase({ id: hidden.id }));
  expect((await executive.api.getCase({ id: hidden.id })).moves).toEqual([]);
  await expect(executive.api.acceptCase({ id: hidden.id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  await expect(
    executive.api.addCaseComment({ caseId: hidden.id, comment: { text: 'x', stream: CommentStream.INTERNAL } }),
  ).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

test('cases of a suspended partner work on; of a terminated one the enterprise takes over what is open', async () => {
  const partnerId = newId();
  await givenPartner(cases, { id: partnerId });
  const { api } = await givenStaff(cases, partnerId, Role.PARTNER_ASSOCIATE);
  const customerId = await givenCustomer(cases, partnerId, RelationOwner.PARTNER);
  const partner = (state: PartnerState, version: number) =>
    PartnerActivated.fromJSON({
      partner: { id: partnerId, name: 'P', kind: OrganisationKind.EXTERNAL, state, country: 'DE', etag: String(version) },
    });
  await cases.deliver(PartnerActivated, partner(PartnerState.SUSPENDED, 2));
  const { id } = await givenCase(api, forCustomer(customerId));
  await api.acceptCase({ id });
  await cases.deliver(PartnerTerminated, partner(PartnerState.TERMINATED, 3));
  expect(await agent().getCase({ id })).toMatchObject({ queueOwner: QueueOwner.PARENT, holder: { side: Side.PARENT, group: 'SUPPORT' } });
  await expect(givenCase(agent(), { partnerId })).rejects.toMatchObject({ reason: 'PARTNER_TERMINATED' });
  await cases.deliver(PartnerTerminated, partner(PartnerState.TERMINATED, 3));
  expect((await eventsOf(cases, id)).filter((type) => type === 'CaseHandedOver')).toHaveLength(1);
});

test('an agent opens a case on behalf of a partner, which then accepts the solution', async () => {
  const { api, partnerId } = await givenAssociate(cases);
  const { id } = await givenCase(agent(), { partnerId });
  await agent().acceptCase({ id });
  await agent().resolveCase({ id, resolutionCode: 'ANSWERED', resolutionText: 'As told by telephone.' });
  expect((await api.closeCase({ id })).state).toBe(CaseState.CLOSED);
});
