import { CaseState, ClockState, CommentStream, OnBehalfOf, Priority, QueueOwner, Side } from '@openprm/contracts/supportcase';
import { newId, recordStatements, run } from '@openprm/postgres';
import { runDeadlines } from '../src/usecases/run-deadlines';
import { AGENT, at, eventsOf, givenAssociate, givenCase, givenCases, type Cases } from './given';

let cases: Cases;
beforeAll(async () => {
  cases = await givenCases();
});
afterAll(() => cases.stop());
beforeEach(() => at(cases, '03-02T10:00'));

const agent = () => cases.by(AGENT);
const rowsOf = async (id: string) =>
  (
    await run<{ version: number }>(cases.service.database, 'select version from audit_log where aggregate_id = $1 order by version', [id])
  ).map((row) => row.version);

test('a case for oneself goes to the enterprise, is routed, gets its clocks, one event and one audit row', async () => {
  const { api, partnerId } = await givenAssociate(cases);
  const opened = await givenCase(api);
  expect(opened).toMatchObject({
    partnerId,
    state: CaseState.NEW,
    onBehalfOf: OnBehalfOf.ORGANISATION,
    queueOwner: QueueOwner.PARENT,
    priority: Priority.P3,
    holder: { side: Side.PARENT, group: '', personId: '' },
    supportLevel: 'email',
    etag: '1',
    moves: ['cancel', 'prioritise'],
  });
  expect(opened.number).toMatch(/^CS-\d{6}$/);
  expect(opened.clocks.map((clock) => [clock.state, clock.dueTime])).toEqual([
    [ClockState.RUNNING, new Date('2026-03-05T10:00:00Z')],
    [ClockState.RUNNING, new Date('2026-03-16T10:00:00Z')],
  ]);
  expect(await eventsOf(cases, opened.id)).toEqual(['CaseCreated']);
  expect(await rowsOf(opened.id)).toEqual([1]);
});

test('a whole life: accept, ask, answer, resolve, reopen, resolve, close, each with one event and one audit row', async () => {
  const { api } = await givenAssociate(cases);
  const { id } = await givenCase(api);
  expect(await agent().acceptCase({ id })).toMatchObject({ state: CaseState.OPEN, holder: { personName: 'agent', group: 'SUPPORT' } });
  expect((await agent().requestCaseInfo({ id, question: 'Which edition?' })).state).toBe(CaseState.AWAITING_INFO);
  expect((await api.answerCase({ id, answer: 'The large one.' })).state).toBe(CaseState.OPEN);
  expect(await agent().resolveCase({ id, resolutionCode: 'ANSWERED', resolutionText: 'Twenty.' })).toMatchObject({
    state: CaseState.RESOLVED,
    resolutionCode: 'ANSWERED',
  });
  expect(await api.reopenCase({ id, comment: 'It says ten.' })).toMatchObject({
    state: CaseState.REOPENED,
    reopenCount: 1,
    resolutionCode: '',
  });
  await agent().resolveCase({ id, resolutionCode: 'FIXED', resolutionText: 'Now it says twenty.' });
  expect(await api.closeCase({ id, satisfaction: 5 })).toMatchObject({ state: CaseState.CLOSED, satisfaction: 5 });
  expect(await eventsOf(cases, id)).toEqual([
    'CaseCreated',
    'CaseAssigned',
    'CaseInfoRequested',
    'CaseAnswered',
    'CaseResolved',
    'CaseReopened',
    'CaseResolved',
    'CaseClosed',
  ]);
  expect(await rowsOf(id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const { comments } = await api.listCaseComments({ caseId: id });
  expect(comments.map((comment) => [comment.side, comment.text, comment.authorName])).toEqual([
    [Side.PARENT, 'Which edition?', ''],
    [Side.PARTNER, 'The large one.', expect.stringContaining('person')],
    [Side.PARENT, 'Twenty.', ''],
    [Side.PARTNER, 'It says ten.', expect.stringContaining('person')],
    [Side.PARENT, 'Now it says twenty.', ''],
  ]);
});

test('a move that the state does not allow is refused with those that it does, and leaves nothing behind', async () => {
  const { api } = await givenAssociate(cases);
  const { id } = await givenCase(api);
  await expect(agent().resolveCase({ id, resolutionCode: 'ANSWERED', resolutionText: 'x' })).rejects.toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'ILLEGAL_MOVE',
    details: { metadata: { state: 'NEW', moves: 'accept,assign,cancel' } },
  });
  expect([await eventsOf(cases, id), await rowsOf(id), (await agent().getCase({ id })).etag]).toEqual([['CaseCreated'], [1], '1']);
});

test('only the holder works and only the requester accepts', async () => {
  const { api } = await givenAssociate(cases);
  const { id } = await givenCase(api);
  await expect(api.acceptCase({ id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED', reason: 'NOT_THE_HOLDER' });
  await agent().acceptCase({ id });
  await agent().resolveCase({ id, resolutionCode: 'ANSWERED', resolutionText: 'Yes.' });
  await expect(agent().closeCase({ id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED', reason: 'NOT_THE_REQUESTER' });
});

test('the first shared word of the enterprise stops the first-response clock, accepting does not', async () => {
  const { api } = await givenAssociate(cases);
  const { id } = await givenCase(api);
  expect((await agent().acceptCase({ id })).clocks[0]!.state).toBe(ClockState.RUNNING);
  await agent().addCaseComment({ caseId: id, comment: { text: 'Look at this first.', stream: CommentStream.INTERNAL } });
  await api.addCaseComment({ caseId: id, comment: { text: 'Hello?' } });
  expect((await agent().getCase({ id })).clocks[0]!.state).toBe(ClockState.RUNNING);
  at(cases, '03-02T12:00');
  await agent().addCaseComment({ caseId: id, comment: { text: 'We are on it.' } });
  expect((await agent().getCase({ id })).clocks[0]).toMatchObject({ state: ClockState.MET, stopTime: cases.clock.now });
});

test('the resolution clock stands still while an answer is awaited and goes on afterwards', async () => {
  const { api } = await givenAssociate(cases);
  const { id } = await givenCase(api);
  await agent().acceptCase({ id });
  const asked = await agent().requestCaseInfo({ id, question: 'Which one?' });
  expect([asked.clocks[1]!.state, asked.infoDueTime]).toEqual([ClockState.PAUSED, new Date('2026-03-09T10:00:00Z')]);
  at(cases, '03-03T12:00');
  await api.addCaseComment({ caseId: id, comment: { text: 'That one.' } });
  const answered = await api.getCase({ id });
  expect([answered.state, answered.clocks[1]!.state, answered.clocks[1]!.dueTime]).toEqual([
    CaseState.OPEN,
    ClockState.RUNNING,
    new Date('2026-03-17T12:00:00Z'),
  ]);
});

test('silence is reminded twice and then counts as solved; a solution nobody objects to is closed', async () => {
  const { api } = await givenAssociate(cases);
  const { id } = await givenCase(api);
  await agent().acceptCase({ id });
  await agent().requestCaseInfo({ id, question: 'Which one?' });
  const after = async (time: string) => {
    at(cases, time);
    await runDeadlines(cases.service.deps);
    return (await api.getCase({ id })).state;
  };
  expect(await after('03-05T10:00')).toBe(CaseState.AWAITING_INFO);
  expect(await after('03-11T10:00')).toBe(CaseState.AWAITING_INFO);
  expect(await after('03-16T10:00')).toBe(CaseState.RESOLVED);
  expect((await api.getCase({ id })).resolutionCode).toBe('NO_RESPONSE');
  expect(await after('03-23T09:59')).toBe(CaseState.RESOLVED);
  expect(await after('03-23T10:00')).toBe(CaseState.CLOSED);
  expect((await eventsOf(cases, id)).slice(3)).toEqual(['CaseReminded', 'CaseReminded', 'CaseResolved', 'CaseClosed']);
  at(cases, '04-06T10:00');
  expect((await api.getCase({ id })).moves).toContain('reopen');
  at(cases, '04-06T10:01');
  await expect(api.reopenCase({ id, comment: 'Back again.' })).rejects.toMatchObject({ reason: 'REOPEN_TOO_LATE' });
  const next = await givenCase(api, { followsCaseId: id });
  expect(next.followsCaseId).toBe(id);
});

test('a clock warns at 75 percent, is breached at 100 and escalates at 150; the breach stays and can be excused', async () => {
  const { api } = await givenAssociate(cases);
  const { id } = await givenCase(api, { priority: Priority.P1 });
  at(cases, '03-03T08:00');
  await runDeadlines(cases.service.deps);
  at(cases, '03-03T10:00');
  await runDeadlines(cases.service.deps);
  at(cases, '03-03T14:00');
  await runDeadlines(cases.service.deps);
  const noted = (await cases.outbox())
    .filter((event) => event.key === id && event.type === 'CaseClockNoted')
    .map((event) => [event.value['clock'], event.value['percent']]);
  expect(noted).toEqual([
    ['CLOCK_KIND_FIRST_RESPONSE', 75],
    ['CLOCK_KIND_FIRST_RESPONSE', 100],
    ['CLOCK_KIND_FIRST_RESPONSE', 150],
  ]);
  await agent().acceptCase({ id });
  await agent().addCaseComment({ caseId: id, comment: { text: 'Sorry.' } });
  expect((await agent().getCase({ id })).clocks[0]).toMatchObject({
    state: ClockState.BREACHED,
    breachTime: new Date('2026-03-03T10:00:00Z'),
  });
  await expect(agent().excuseCaseBreach({ id, clock: 'CLOCK_KIND_FIRST_RESPONSE' as never, reason: 'Flood' })).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
  const excused = await cases
    .by('admin@enterprise.example')
    .excuseCaseBreach({ id, clock: 'CLOCK_KIND_FIRST_RESPONSE' as never, reason: 'Flood' });
  expect(excused.clocks[0]).toMatchObject({ state: ClockState.BREACHED, excuse: 'Flood' });
  expect((await api.getCase({ id })).clocks[0]!.excuse).toBe('');
});

test('a new priority is measured from the original start and keeps the old target', async () => {
  const { api } = await givenAssociate(cases);
  const { id } = await givenCase(api);
  at(cases, '03-02T12:00');
  const changed = await agent().prioritiseCase({ id, priority: Priority.P1 });
  expect(changed.clocks[0]).toMatchObject({
    dueTime: new Date('2026-03-03T10:00:00Z'),
    previousTargets: [{ allowanceMinutes: 1440n, dueTime: new Date('2026-03-05T10:00:00Z') }],
  });
});

test('the requester takes a case back and its clocks end', async () => {
  const { api } = await givenAssociate(cases);
  const { id } = await givenCase(api);
  const cancelled = await api.cancelCase({ id, comment: 'Found it.' });
  expect([cancelled.state, cancelled.clocks.map((clock) => clock.state), cancelled.moves]).toEqual([
    CaseState.CANCELLED,
    [ClockState.CANCELLED, ClockState.CANCELLED],
    [],
  ]);
});

test('what a partner reads names nobody of the enterprise and nothing internal', async () => {
  const { api } = await givenAssociate(cases);
  const { id } = await givenCase(api);
  await agent().acceptCase({ id });
  await agent().addCaseComment({ caseId: id, comment: { text: 'Difficult customer.', stream: CommentStream.INTERNAL } });
  const [read, history, comments] = [
    await api.getCase({ id }),
    await api.getCaseHistory({ id }),
    await api.listCaseComments({ caseId: id }),
  ];
  expect(
    JSON.stringify([read, history.entries.map((entry) => ({ ...entry, version: 0 })), comments], (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ),
  ).not.toMatch(/Difficult|"agent"|SUPPORT"/);
  expect((await agent().listCaseComments({ caseId: id })).comments).toHaveLength(1);
  const internal = (await cases.outbox()).find((event) => event.key === id && event.type === 'CaseCommented');
  expect(internal?.audience).toEqual([]);
  await expect(api.addCaseComment({ caseId: id, comment: { text: 'x', stream: CommentStream.INTERNAL } })).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
  });
});

test('of two changes at the same time exactly one wins', async () => {
  const { api } = await givenAssociate(cases);
  const { id, etag } = await givenCase(api);
  const outcomes = await Promise.allSettled([
    agent().acceptCase({ id, etag }),
    api.cancelCase({ id, etag }),
    agent().prioritiseCase({ id, etag, priority: Priority.P1 }),
  ]);
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  expect(await rowsOf(id)).toEqual([1, 2]);
});

test('two timers at the same time do a thing once', async () => {
  const { api } = await givenAssociate(cases);
  const { id } = await givenCase(api, { priority: Priority.P1 });
  at(cases, '03-03T08:00');
  await Promise.all([runDeadlines(cases.service.deps), runDeadlines(cases.service.deps), runDeadlines(cases.service.deps)]);
  expect((await eventsOf(cases, id)).filter((type) => type === 'CaseClockNoted')).toHaveLength(1);
});

test('a repeated request acts once and gives the first answer', async () => {
  const { api } = await givenAssociate(cases);
  const requestId = newId();
  const request = { case: { subject: 'Once', category: 'GENERAL' }, requestId };
  const [first, second] = await Promise.all([api.createCase(request), api.createCase(request)]);
  expect(first).toEqual(second);
  expect(await run(cases.service.database, `select 1 from cases where subject = 'Once'`)).toHaveLength(1);
});

test('opening takes three statements, reading two, a move at most five', async () => {
  const { api, email } = await givenAssociate(cases);
  cases.service.callers.forget();
  await api.listCases({});
  const count = async (work: () => Promise<unknown>) =>
    (await recordStatements(work)).filter((sql) => sql !== 'select 1' && !sql.includes('from access_memberships m left join')).length;
  let id = '';
  expect(await count(async () => ({ id } = await givenCase(cases.by(email))))).toBe(3);
  expect(await count(() => api.getCase({ id }))).toBe(1);
  expect(await count(() => api.listCases({}))).toBe(1);
  expect(await count(() => agent().acceptCase({ id }))).toBeLessThanOrEqual(5);
});

test('a field that breaks its rule is named', async () => {
  const { api } = await givenAssociate(cases);
  await expect(givenCase(api, { category: 'NONSENSE' })).rejects.toMatchObject({
    details: { violations: [{ field: 'case.category', reason: 'UNKNOWN_CATEGORY' }] },
  });
  await expect(givenCase(api, { subject: '' })).rejects.toMatchObject({ details: { violations: [{ field: 'case.subject' }] } });
  await expect(givenCase(api, { onBehalfOf: OnBehalfOf.END_CUSTOMER })).rejects.toMatchObject({
    details: { violations: [{ field: 'case.customer_id', reason: 'CUSTOMER_REQUIRED' }] },
  });
  await expect(givenCase(api, { customerId: newId() })).rejects.toMatchObject({
    details: { violations: [{ field: 'case.customer_id', reason: 'UNKNOWN_CUSTOMER' }] },
  });
});
