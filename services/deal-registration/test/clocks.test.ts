import { DealState, ProtectionState } from '@openprm/contracts/dealregistration';
import { run } from '@openprm/postgres';
import { runDueTimers } from '../src/usecases/run-timers';
import {
  eventsOf,
  givenApproved,
  givenConverted,
  givenDeals,
  givenInReview,
  givenPartner,
  givenSubmitted,
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

const at = async (time: string): Promise<void> => {
  deals.clock.now = new Date(time);
  await runDueTimers(deals.service.deps);
};

test('notices come 14, 7 and 1 day before the end, and then the protection and the deal expire', async () => {
  const deal = await givenApproved(deals, partner);
  await at('2026-05-17T23:00:00Z');
  expect(await eventsOf(deals, deal.id)).not.toContain('DealProtectionEnding');
  for (const time of ['2026-05-18T00:00:00Z', '2026-05-25T00:00:00Z', '2026-05-31T00:00:00Z']) await at(time);
  const notices = (await deals.outbox()).filter((event) => event.key === deal.id && event.type === 'DealProtectionEnding');
  expect(notices.map((event) => event.value.daysLeft)).toEqual([14, 7, 1]);
  await at('2026-05-31T23:59:58Z');
  expect((await partner.associate.getDeal({ id: deal.id })).state).toBe(DealState.APPROVED);
  await at('2026-05-31T23:59:59Z');
  expect(await partner.associate.getDeal({ id: deal.id })).toMatchObject({
    state: DealState.EXPIRED,
    protection: { state: ProtectionState.EXPIRED },
    moves: ['resubmit'],
  });
  expect((await eventsOf(deals, deal.id)).at(-1)).toBe('DealExpired');
  expect(await run(deals.service.database, 'select 1 from customer_claims where owner_id = $1 and active', [deal.id])).toEqual([]);
});

test('a clock that stood still for long does only what still matters', async () => {
  const deal = await givenApproved(deals, partner);
  await at('2026-08-01T00:00:00Z');
  expect((await eventsOf(deals, deal.id)).slice(-2)).toEqual(['DealApproved', 'DealExpired']);
});

test('an open question is recalled on business days 3, 5 and 8 and ends the claim after 10', async () => {
  const deal = await givenInReview(deals, partner);
  await deals.desk.requestDealInfo({ id: deal.id, text: 'Which site?' });
  for (const time of ['2026-03-05T10:00:00Z', '2026-03-09T10:00:00Z', '2026-03-12T10:00:00Z']) await at(time);
  const reminders = (await deals.outbox()).filter((event) => event.key === deal.id && event.type === 'DealAnswerDue');
  expect(reminders.map((event) => event.value.businessDaysWaited)).toEqual([3, 5, 8]);
  await at('2026-03-16T10:00:00Z');
  expect(await partner.associate.getDeal({ id: deal.id })).toMatchObject({
    state: DealState.WITHDRAWN,
    reason: 'NO_RESPONSE',
    protection: { state: ProtectionState.RELEASED },
  });
});

test('an answer stops the reminders and lets the review clock go on where it stood', async () => {
  const deal = await givenInReview(deals, partner);
  deals.clock.now = new Date('2026-03-03T10:00:00.000Z');
  await deals.desk.requestDealInfo({ id: deal.id, text: 'Which site?' });
  deals.clock.now = new Date('2026-03-11T10:00:00.000Z');
  const answered = await partner.associate.answerDealInfo({ id: deal.id, text: 'The new one.' });
  expect(answered).toMatchObject({ state: DealState.IN_REVIEW, dueTime: new Date('2026-03-17T10:00:00Z'), businessMinutesLeft: 4 * 480 });
  await at('2026-03-16T10:00:00Z');
  expect(await eventsOf(deals, deal.id)).not.toContain('DealWithdrawn');
});

test('a provisional hold ends after 15 business days; the claim waits on', async () => {
  const deal = await givenSubmitted(partner);
  await at('2026-03-23T10:00:00Z');
  expect(await deals.desk.getDeal({ id: deal.id })).toMatchObject({
    state: DealState.SUBMITTED,
    protection: { state: ProtectionState.EXPIRED },
  });
  expect((await eventsOf(deals, deal.id)).at(-1)).toBe('DealHoldEnded');
  await deals.desk.takeDeal({ id: deal.id });
  expect((await deals.desk.approveDeal({ id: deal.id })).protection?.state).toBe(ProtectionState.ACTIVE);
});

test('after conversion the protection runs out on the opportunity, which goes on', async () => {
  const deal = await givenConverted(deals, partner);
  await at('2026-06-01T00:00:00Z');
  const read = await partner.associate.getDeal({ id: deal.id });
  expect(read).toMatchObject({ state: DealState.CONVERTED, protection: { state: ProtectionState.EXPIRED } });
  expect((await partner.associate.getOpportunity({ id: deal.opportunityId })).protection?.state).toBe(ProtectionState.EXPIRED);
});

test('several copies of the service share the work: each deal expires once', async () => {
  const expiring = await Promise.all(Array.from({ length: 30 }, () => givenApproved(deals, partner)));
  deals.clock.now = new Date('2026-06-15T00:00:00Z');
  await Promise.all([1, 2, 3, 4].map(() => runDueTimers(deals.service.deps)));
  await runDueTimers(deals.service.deps);
  const ids = expiring.map((deal) => deal.id);
  const expired = (await deals.outbox()).filter((event) => event.type === 'DealExpired' && ids.includes(event.key));
  expect(expired.map((event) => event.key).sort()).toEqual([...ids].sort());
});

test('an approval and the clock at once: one of them wins, nothing is lost', async () => {
  const deal = await givenInReview(deals, partner);
  await deals.desk.requestDealInfo({ id: deal.id, text: 'Which site?' });
  deals.clock.now = new Date('2026-03-16T10:00:00Z');
  const [answer] = await Promise.allSettled([
    partner.associate.answerDealInfo({ id: deal.id, text: 'Late.' }),
    runDueTimers(deals.service.deps),
  ]);
  await runDueTimers(deals.service.deps);
  const { state } = await deals.desk.getDeal({ id: deal.id });
  expect(state).toBe(answer.status === 'fulfilled' ? DealState.IN_REVIEW : DealState.WITHDRAWN);
});
