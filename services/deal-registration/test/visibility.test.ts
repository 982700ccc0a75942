import { DealState, LeadMode, RelatedPartnerAccess, RelatedPartnerRole, type Deal } from '@openprm/contracts/dealregistration';
import * as directory from '@openprm/contracts/partnerdirectory';
import { newId } from '@openprm/postgres';
import {
  givenApproved,
  givenConverted,
  givenDeals,
  givenDraft,
  givenInReview,
  givenOrganisation,
  givenPartner,
  givenStaff,
  givenSubmitted,
  usd,
  type Api,
  type Deals,
  type Partner,
} from './given';

let deals: Deals;
beforeAll(async () => {
  deals = await givenDeals();
});
afterAll(() => deals.stop());

const answerOf = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: Error & { code: string; reason: string }) => ({ code: error.code, reason: error.reason, message: error.message }));

test('own organisation, what lies below for managers, everything for the enterprise; what is not mine looks like nothing', async () => {
  const [parent, stranger] = [await givenPartner(deals), await givenPartner(deals)];
  const child = await givenPartner(deals, { parentId: parent.id });
  const deal = await givenSubmitted(child);
  const reads = async (api: Api): Promise<boolean> =>
    (await answerOf(api.getDeal({ id: deal.id }))) instanceof Object &&
    !('code' in ((await answerOf(api.getDeal({ id: deal.id }))) as object));
  const expected: [string, Api, boolean][] = [
    ['associate of the partner', child.associate, true],
    ['manager of the partner', child.manager, true],
    ['admin of the partner', child.admin, true],
    ['manager above', parent.manager, true],
    ['admin above', parent.admin, true],
    ['associate above', parent.associate, false],
    ['stranger', stranger.manager, false],
    ['enterprise admin', deals.admin, true],
    ['executive', deals.executive, true],
    ['desk', deals.desk, true],
  ];
  for (const [who, api, may] of expected) expect([who, await reads(api)]).toEqual([who, may]);
  for (const [who, api, may] of expected)
    expect([who, (await api.listDeals({ partnerId: child.id })).deals.map((each) => each.id)]).toEqual([who, may ? [deal.id] : []]);
  expect(await answerOf(stranger.manager.getDeal({ id: deal.id }))).toEqual(await answerOf(stranger.manager.getDeal({ id: newId() })));
  expect(await answerOf(stranger.manager.submitDeal({ id: deal.id }))).toEqual(
    await answerOf(stranger.manager.submitDeal({ id: newId() })),
  );
  expect(await answerOf(stranger.manager.getDealHistory({ id: deal.id }))).toEqual(
    await answerOf(stranger.manager.getDealHistory({ id: newId() })),
  );
  expect(await answerOf(stranger.manager.createDeal({ deal: { partnerId: child.id } }))).toEqual(
    await answerOf(stranger.manager.createDeal({ deal: { partnerId: newId() } })),
  );
  expect(await answerOf(stranger.manager.summarizeDeals({ partnerId: child.id }))).toEqual(
    await answerOf(stranger.manager.summarizeDeals({ partnerId: newId() })),
  );
});

test('no role, no call', async () => {
  await expect(deals.by('nobody@nowhere.example').listDeals({})).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

describe('who may make which move', () => {
  let partner: Partner;
  let other: Api;
  let rm: Api;
  beforeAll(async () => {
    const internal = newId();
    await givenOrganisation(deals, { id: internal, name: 'Enterprise 2', kind: directory.OrganisationKind.INTERNAL });
    const manager = await givenStaff(deals, internal, directory.Role.RELATIONSHIP_MANAGER, 'rm@enterprise.example');
    partner = await givenPartner(deals, { relationshipManagerId: manager.personId });
    const colleague = await givenStaff(deals, partner.id, directory.Role.PARTNER_ASSOCIATE, 'colleague@p.example');
    other = deals.by(colleague.email);
    rm = deals.by('rm@enterprise.example');
  });

  const movesOf = async (deal: Deal): Promise<Record<string, string[]>> => {
    const who: Record<string, Api> = {
      owner: partner.associate,
      colleague: other,
      manager: partner.manager,
      partnerAdmin: partner.admin,
      rm,
      desk: deals.desk,
      approver: deals.approver,
      admin: deals.admin,
      executive: deals.executive,
    };
    const entries = await Promise.all(
      Object.entries(who).map(async ([name, api]) => [name, (await api.getDeal({ id: deal.id })).moves] as const),
    );
    return Object.fromEntries(entries);
  };

  test('draft', async () => {
    expect(await movesOf(await givenDraft(partner))).toEqual({
      owner: ['edit', 'delete', 'submit'],
      colleague: ['submit'],
      manager: ['edit', 'delete', 'submit'],
      partnerAdmin: [],
      rm: ['edit', 'delete', 'submit'],
      desk: ['edit', 'delete', 'submit'],
      approver: [],
      admin: ['edit', 'delete', 'submit'],
      executive: [],
    });
  });

  test('in review', async () => {
    const judging = ['requestInfo', 'decideConflict', 'approve', 'reject'];
    expect(await movesOf(await givenInReview(deals, partner))).toEqual({
      owner: ['withdraw'],
      colleague: [],
      manager: ['withdraw'],
      partnerAdmin: [],
      rm: judging,
      desk: judging,
      approver: judging,
      admin: judging,
      executive: [],
    });
  });

  test('approved', async () => {
    expect(await movesOf(await givenApproved(deals, partner))).toEqual({
      owner: [],
      colleague: [],
      manager: ['withdraw'],
      partnerAdmin: [],
      rm: ['convert'],
      desk: ['withdraw', 'convert'],
      approver: [],
      admin: ['withdraw', 'convert', 'requestRevocation'],
      executive: [],
    });
  });

  test('a move that is not offered is refused, and every one that is offered to nobody leaves no trace', async () => {
    const deal = await givenInReview(deals, partner);
    await expect(partner.admin.withdrawDeal({ id: deal.id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(other.withdrawDeal({ id: deal.id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(partner.manager.approveDeal({ id: deal.id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await expect(deals.executive.rejectDeal({ id: deal.id, code: 'REJECT_CODE_OTHER' as never, reason: 'No.' })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    expect((await deals.admin.getDeal({ id: deal.id })).etag).toBe(deal.etag);
  });

  test('who submitted on behalf of the partner does not decide', async () => {
    const draft = await givenDraft(partner);
    await deals.desk.submitDeal({ id: draft.id });
    await deals.desk.takeDeal({ id: draft.id });
    await expect(deals.desk.approveDeal({ id: draft.id })).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'OWN_SUBMISSION' });
    await expect(deals.desk.rejectDeal({ id: draft.id, code: 'REJECT_CODE_OTHER' as never, reason: 'No.' })).rejects.toMatchObject({
      reason: 'OWN_SUBMISSION',
    });
    expect((await deals.approver.approveDeal({ id: draft.id })).state).toBe(DealState.APPROVED);
  });

  test('a relationship manager approves for own partners up to the limit', async () => {
    const small = await givenInReview(deals, partner, { amount: usd(100_000), lines: [{ productFamily: 'A', quantity: 1 }] });
    const large = await givenInReview(deals, partner, { amount: usd(100_001), lines: [{ productFamily: 'A', quantity: 1 }] });
    const foreign = await givenInReview(deals, await givenPartner(deals));
    expect((await rm.approveDeal({ id: small.id })).state).toBe(DealState.APPROVED);
    await expect(rm.approveDeal({ id: large.id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED', reason: 'OVER_APPROVAL_LIMIT' });
    await expect(rm.approveDeal({ id: foreign.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await rm.listDeals({ pageSize: 100 })).deals.every((deal) => deal.partnerId === partner.id)).toBe(true);
  });
});

test('a co-seller who is authorised reads the deal without amounts; one who is listed reads nothing', async () => {
  const [seller, friend, silent] = [await givenPartner(deals), await givenPartner(deals), await givenPartner(deals)];
  const relatedPartners = [
    { partnerId: friend.id, role: RelatedPartnerRole.INFLUENCING, access: RelatedPartnerAccess.AUTHORISED, attributionPercent: 100 },
    { partnerId: silent.id, role: RelatedPartnerRole.SERVICING, access: RelatedPartnerAccess.LISTED },
  ];
  const deal = await givenConverted(deals, seller, { relatedPartners });
  const read = await friend.manager.getDeal({ id: deal.id });
  expect(read).toMatchObject({
    id: deal.id,
    amount: undefined,
    evidence: [],
    reason: '',
    moves: [],
    lines: [{ productName: 'Router', quantity: 2, amount: undefined }],
  });
  expect(read.relatedPartners.map((each) => each.partnerId)).toEqual([friend.id]);
  expect((await friend.associate.listDeals({})).deals.map((each) => each.id)).toEqual([deal.id]);
  expect((await friend.associate.listOpportunities({})).opportunities).toMatchObject([
    { id: deal.opportunityId, amount: undefined, moves: [] },
  ]);
  await expect(silent.manager.getDeal({ id: deal.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await silent.manager.listDeals({})).deals).toEqual([]);
  expect((await seller.manager.getDeal({ id: deal.id })).relatedPartners.map((each) => each.partnerId)).toEqual([friend.id]);
  expect((await deals.admin.getDeal({ id: deal.id })).relatedPartners).toHaveLength(2);
  await expect(friend.manager.withdrawDeal({ id: deal.id })).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
  await expect(
    friend.manager.changeOpportunityStage({ id: deal.opportunityId, stage: 'OPPORTUNITY_STAGE_DEVELOP' as never }),
  ).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

test('pages follow one another without gap or repeat, also where own and shared records mix', async () => {
  const [house, friend] = [await givenPartner(deals), await givenPartner(deals)];
  const child = await givenPartner(deals, { parentId: house.id });
  const ids: string[] = [];
  for (let n = 0; n < 12; n++) {
    const owner = [house, child, friend][n % 3]!;
    const shared =
      owner === friend
        ? [house, child].map((each) => ({ partnerId: each.id, role: RelatedPartnerRole.SELLING, access: RelatedPartnerAccess.AUTHORISED }))
        : [];
    ids.push((await givenDraft(owner, { relatedPartners: shared })).id);
  }
  const seen: string[] = [];
  let pageToken = '';
  do {
    const page = await house.manager.listDeals({ pageSize: 5, pageToken });
    seen.push(...page.deals.map((deal) => deal.id));
    pageToken = page.nextPageToken;
  } while (pageToken);
  expect(seen).toEqual([...ids].reverse());
});

test('a membership that ends ends the access with it', async () => {
  const partner = await givenPartner(deals);
  const deal = await givenDraft(partner);
  const { email, staffMember } = await givenStaff(deals, partner.id, directory.Role.PARTNER_MANAGER, 'leaving@p.example');
  expect((await deals.by(email).getDeal({ id: deal.id })).id).toBe(deal.id);
  await deals.deliver(directory.StaffDeactivated, {
    staffMember: { ...staffMember, state: directory.MembershipState.DEACTIVATED, etag: '2' },
  });
  await expect(deals.by(email).getDeal({ id: deal.id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

test('the partner does not take the lead from the enterprise', async () => {
  const partner = await givenPartner(deals);
  const deal = await givenApproved(deals, partner);
  const converted = await deals.desk.convertDeal({ id: deal.id, leadMode: LeadMode.PARENT_LED });
  const ref = { id: converted.opportunityId };
  expect((await partner.manager.getOpportunity(ref)).moves).toEqual([]);
  await expect(partner.manager.changeOpportunityStage({ ...ref, stage: 'OPPORTUNITY_STAGE_DEVELOP' as never })).rejects.toMatchObject({
    code: 'PERMISSION_DENIED',
    reason: 'NOT_LEADING',
  });
});
