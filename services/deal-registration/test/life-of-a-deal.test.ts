import {
  DealState,
  LeadMode,
  OpportunityStage,
  ProtectionState,
  RejectCode,
  SellingModel,
  Side,
} from '@openprm/contracts/dealregistration';
import { brokenAuditChains, newId, recordStatements, run } from '@openprm/postgres';
import {
  content,
  eventsOf,
  givenApproved,
  givenDeals,
  givenDraft,
  givenInReview,
  givenPartner,
  givenSubmitted,
  traceOf,
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

test('a deal is registered, submitted, taken, asked about, answered, approved and converted', async () => {
  const draft = await givenDraft(partner);
  expect(draft).toMatchObject({
    state: DealState.DRAFT,
    partnerName: partner.name,
    ownerName: expect.stringContaining('associate'),
    sellingModel: SellingModel.REG_PARTNER_RETAINS,
    programName: 'Resellers',
    waitingOn: Side.PARTNER,
  });
  expect(draft.number).toMatch(/^DR-\d{6}$/);
  const submitted = await partner.associate.submitDeal({ id: draft.id });
  expect(submitted).toMatchObject({
    state: DealState.SUBMITTED,
    waitingOn: Side.ENTERPRISE,
    step: 'First review',
    dueTime: new Date('2026-03-04T10:00:00Z'),
    businessMinutesLeft: 960,
    conflictNotice: '',
  });
  expect(submitted.protection).toMatchObject({
    state: ProtectionState.PROVISIONAL,
    families: ['networking'],
    country: 'DE',
    endTime: new Date('2026-03-23T10:00:00Z'),
  });
  await deals.desk.takeDeal({ id: draft.id });
  const asked = await deals.desk.requestDealInfo({ id: draft.id, text: 'Who decides?', internalNote: 'Looks thin.' });
  expect(asked).toMatchObject({ state: DealState.INFO_REQUESTED, waitingOn: Side.PARTNER, internalNote: 'Looks thin.' });
  const answered = await partner.associate.answerDealInfo({ id: draft.id, text: 'Their CIO.' });
  expect(answered).toMatchObject({
    state: DealState.IN_REVIEW,
    infoAnswer: 'Their CIO.',
    firstCompleteTime: submitted.firstCompleteTime,
    internalNote: '',
    reviewerName: '',
  });
  const approved = await deals.desk.approveDeal({ id: draft.id, comment: 'Good luck.' });
  expect(approved).toMatchObject({ state: DealState.APPROVED, approverName: 'desk', reason: 'Good luck.' });
  expect(approved.protection).toMatchObject({
    state: ProtectionState.ACTIVE,
    startTime: deals.clock.now,
    endTime: new Date('2026-05-31T23:59:59Z'),
  });
  const converted = await deals.desk.convertDeal({ id: draft.id });
  expect(converted).toMatchObject({
    state: DealState.CONVERTED,
    opportunityId: expect.stringMatching(/-/),
    opportunityNumber: expect.stringMatching(/^OP-\d{6}$/),
    moves: [],
  });
  const opportunity = await partner.associate.getOpportunity({ id: converted.opportunityId });
  expect(opportunity).toMatchObject({
    dealId: draft.id,
    dealNumber: draft.number,
    partnerId: partner.id,
    stage: OpportunityStage.QUALIFY,
    probability: 20,
    leadMode: LeadMode.PARTNER_LED,
    amount: usd(5_000),
    protection: { state: ProtectionState.ACTIVE, dealId: draft.id },
  });
  expect(await eventsOf(deals, draft.id)).toEqual([
    'DealCreated',
    'DealSubmitted',
    'DealTaken',
    'DealInfoRequested',
    'DealAnswered',
    'DealApproved',
    'DealConverted',
  ]);
  expect(await eventsOf(deals, opportunity.id)).toEqual(['OpportunityCreated']);
  const { entries } = await deals.desk.getDealHistory({ id: draft.id });
  expect(entries.map((entry) => [entry.move, entry.fromState, entry.toState, entry.role])).toEqual([
    ['create', '', 'DRAFT', 'PARTNER_ASSOCIATE'],
    ['submit', 'DRAFT', 'SUBMITTED', 'PARTNER_ASSOCIATE'],
    ['take', 'SUBMITTED', 'IN_REVIEW', 'DEAL_DESK'],
    ['requestInfo', 'IN_REVIEW', 'INFO_REQUESTED', 'DEAL_DESK'],
    ['answer', 'INFO_REQUESTED', 'IN_REVIEW', 'PARTNER_ASSOCIATE'],
    ['approve', 'IN_REVIEW', 'APPROVED', 'DEAL_DESK'],
    ['convert', 'APPROVED', 'CONVERTED', 'DEAL_DESK'],
  ]);
  expect(await brokenAuditChains(deals.service.database)).toEqual([]);
});

test('each event carries the whole deal as the enterprise reads it, for the partner it belongs to', async () => {
  const deal = await givenApproved(deals, partner);
  const events = (await deals.outbox()).filter((event) => event.key === deal.id);
  expect(events.map((event) => event.audience)).toEqual(events.map(() => [partner.id]));
  expect(events.at(-1)!.value).toMatchObject({
    deal: {
      id: deal.id,
      state: 'DEAL_STATE_APPROVED',
      approverName: 'desk',
      protection: { state: 'PROTECTION_STATE_ACTIVE', families: ['networking'], country: 'DE', partnerId: partner.id },
      etag: '4',
    },
  });
});

test('what is missing to submit is named field by field, and nothing is left behind', async () => {
  const draft = await partner.associate.createDeal({ deal: { partnerId: partner.id, title: 'Idea' } });
  const before = await traceOf(deals, draft.id);
  await expect(partner.associate.submitDeal({ id: draft.id })).rejects.toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'INCOMPLETE',
    details: {
      violations: [
        'deal.customer.name',
        'deal.customer.country',
        'deal.lines',
        'deal.amount',
        'deal.expected_close_date',
        'deal.evidence',
      ].map((field) => expect.objectContaining({ field })),
    },
  });
  expect(await traceOf(deals, draft.id)).toEqual(before);
});

test('a draft is edited field by field and deleted; only a draft can be', async () => {
  const draft = await givenDraft(partner);
  const edited = await partner.associate.updateDeal({
    deal: { id: draft.id, title: 'Switches', amount: usd(7_000) },
    updateMask: ['title', 'amount'],
    etag: draft.etag,
  });
  expect(edited).toMatchObject({ title: 'Switches', amount: usd(7_000), customer: draft.customer, lines: draft.lines, etag: '2' });
  await partner.associate.deleteDeal({ id: draft.id });
  await expect(partner.associate.getDeal({ id: draft.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await eventsOf(deals, draft.id)).toEqual(['DealCreated', 'DealUpdated', 'DealDeleted']);
  const submitted = await givenSubmitted(partner);
  await expect(partner.associate.deleteDeal({ id: submitted.id })).rejects.toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'ILLEGAL_MOVE',
    details: { metadata: { state: 'SUBMITTED' } },
  });
});

test('an amount that nobody can mean and currencies that do not fit are refused with their field', async () => {
  const fields = { amount: usd(10), lines: [{ productFamily: 'A', quantity: 1, amount: { currencyCode: 'EUR', units: 1n, nanos: 0 } }] };
  await expect(givenDraft(partner, fields)).rejects.toMatchObject({
    details: { violations: [{ field: 'lines[0].amount', reason: 'CURRENCY_MISMATCH' }] },
  });
  await expect(givenDraft(partner, { amount: { currencyCode: 'USD', units: 0n, nanos: 1 }, lines: [] })).rejects.toMatchObject({
    details: { violations: [{ field: 'deal.amount', reason: 'INVALID_AMOUNT' }] },
  });
});

test('a refused deal says why to the partner, keeps its internal note, and can be repeated twice', async () => {
  const deal = await givenInReview(deals, partner);
  await deals.desk.rejectDeal({ id: deal.id, code: RejectCode.NOT_QUALIFIED, reason: 'No budget yet.', internalNote: 'Third time.' });
  const read = await partner.associate.getDeal({ id: deal.id });
  expect(read).toMatchObject({
    state: DealState.REJECTED,
    rejectCode: RejectCode.NOT_QUALIFIED,
    reason: 'No budget yet.',
    internalNote: '',
    protection: { state: ProtectionState.RELEASED },
    moves: ['resubmit'],
  });
  let last = read;
  for (const resubmissions of [1, 2]) {
    const again = await partner.associate.resubmitDeal({ id: last.id });
    expect(again).toMatchObject({ state: DealState.DRAFT, resubmissionOf: last.id, resubmissions, customer: deal.customer });
    await partner.associate.submitDeal({ id: again.id });
    last = await partner.associate.withdrawDeal({ id: again.id });
  }
  await expect(partner.associate.resubmitDeal({ id: last.id })).rejects.toMatchObject({ reason: 'TOO_MANY_RESUBMISSIONS' });
});

test('an approval is revoked by two admins, never by one', async () => {
  const deal = await givenApproved(deals, partner);
  await deals.admin.requestDealRevocation({ id: deal.id, reason: 'The signature is false.' });
  await expect(deals.admin.revokeDeal({ id: deal.id })).rejects.toMatchObject({ reason: 'SECOND_PERSON_NEEDED' });
  expect(await deals.second.revokeDeal({ id: deal.id })).toMatchObject({
    state: DealState.REJECTED,
    protection: { state: ProtectionState.RELEASED, releaseReason: 'REVOKED' },
  });
  expect(await eventsOf(deals, deal.id)).toEqual(expect.arrayContaining(['DealRevocationRequested', 'DealRevoked']));
});

test('fifty conversions at once make one opportunity', async () => {
  const deal = await givenApproved(deals, partner);
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => deals.desk.convertDeal({ id: deal.id })));
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  expect(await run(deals.service.database, 'select 1 from opportunities where deal_id = $1', [deal.id])).toHaveLength(1);
});

test('of two moves on one version exactly one wins', async () => {
  const deal = await givenInReview(deals, partner);
  const outcomes = await Promise.allSettled([
    deals.desk.approveDeal({ id: deal.id, etag: deal.etag }),
    deals.desk.rejectDeal({ id: deal.id, code: RejectCode.OTHER, reason: 'No.', etag: deal.etag }),
  ]);
  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('a repeated request acts once and gives the first answer; its key with another body is refused', async () => {
  const requestId = newId();
  const request = { deal: { partnerId: partner.id, ...content() }, requestId };
  const answers = await Promise.all([partner.associate.createDeal(request), partner.associate.createDeal(request)]);
  expect(answers[0]).toEqual(answers[1]);
  expect(await run(deals.service.database, 'select 1 from deals where id = $1', [answers[0]!.id])).toHaveLength(1);
  await expect(partner.associate.createDeal({ ...request, deal: { ...request.deal, title: 'Other' } })).rejects.toMatchObject({
    reason: 'IDEMPOTENCY_KEY_REUSED',
  });
  const submit = { id: answers[0]!.id, requestId: newId() };
  const first = await partner.associate.submitDeal(submit);
  expect(await partner.associate.submitDeal(submit)).toEqual(first);
  expect((await eventsOf(deals, first.id)).filter((type) => type === 'DealSubmitted')).toHaveLength(1);
});

test('creating takes at most three statements, a detail three, an approval five', async () => {
  const warm = await givenInReview(deals, partner);
  await partner.associate.getDeal({ id: warm.id });
  const created = await recordStatements(() => givenDraft(partner));
  expect(created.filter(isWork).length).toBeLessThanOrEqual(3);
  const detail = await recordStatements(() => partner.associate.getDeal({ id: warm.id }));
  expect(detail.filter(isWork).length).toBeLessThanOrEqual(3);
  const approve = await recordStatements(() => deals.desk.approveDeal({ id: warm.id, requestId: newId() }));
  expect(approve.filter(isWork).length).toBeLessThanOrEqual(5);
  const list = await recordStatements(() => partner.manager.listDeals({}));
  expect(list.filter(isWork)).toHaveLength(1);
});

// Grants are looked up once a second per caller, whatever they do; readiness looks every second.
const isWork = (sql: string): boolean => !/from access_memberships m left join|^select 1$/.test(sql.trim());
