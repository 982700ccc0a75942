import { QuoteState, ApprovalGroup } from '@openprm/contracts/quoting';
import { run } from '@openprm/postgres';
import {
  givenDraft,
  givenPartner,
  givenPriced,
  givenProduct,
  givenQuoting,
  givenSubmitted,
  givenTerms,
  refusal,
  usd,
  type Quoting,
} from './given';

let quoting: Quoting;
beforeAll(async () => {
  quoting = await givenQuoting();
});
afterAll(() => quoting.stop());

const eventsOf = async (id: string) => (await quoting.outbox()).filter((event) => event.key === id);
const rowOf = async (id: string) =>
  (await run<{ state: string; version: number }>(quoting.service.database, 'select state, version from quotes where id = $1', [id]))[0];

describe('submit and approve', () => {
  test('within what the partner may give, the quote is approved at once', async () => {
    const partner = await givenPartner(quoting);
    const quote = await givenSubmitted(partner, [{ productId: (await givenProduct(quoting)).id, discountBasisPoints: 500 }]);
    expect(quote).toMatchObject({ state: QuoteState.APPROVED, approvalSteps: [], awaitingApprovalBy: ApprovalGroup.UNSPECIFIED });
    expect((await eventsOf(quote.id)).at(-1)).toMatchObject({ type: 'QuoteApproved' });
  });

  test('above it the relationship manager approves, after a preview that says so', async () => {
    const partner = await givenPartner(quoting);
    const priced = await givenPriced(partner, [{ productId: (await givenProduct(quoting)).id, discountBasisPoints: 800 }]);
    const { approvalSteps } = await partner.seller.previewQuoteApproval({ id: priced.id });
    expect(approvalSteps).toMatchObject([
      { group: ApprovalGroup.RELATIONSHIP_MANAGER, reasons: [{ text: expect.stringContaining('8 % discount') }, {}] },
    ]);
    const submitted = await partner.seller.submitQuote({ id: priced.id });
    expect(submitted).toMatchObject({
      state: QuoteState.APPROVAL_NEEDED,
      awaitingApprovalBy: ApprovalGroup.RELATIONSHIP_MANAGER,
      moves: ['recall', 'revise', 'cancel', 'shareLine'],
    });
    expect(await refusal(partner.seller.approveQuote({ id: priced.id }))).toBe('PERMISSION_DENIED ROLE_NOT_ALLOWED');
    const approved = await quoting.manager.approveQuote({ id: priced.id, comment: 'Strategic customer' });
    expect(approved).toMatchObject({
      state: QuoteState.APPROVED,
      approvalSteps: [{ decidedBy: 'manager', comment: 'Strategic customer' }],
    });
    expect((await partner.seller.getQuote({ id: priced.id })).approvalSteps).toMatchObject([
      { decidedBy: '', comment: 'Strategic customer' },
    ]);
    expect((await eventsOf(priced.id)).slice(-2).map((event) => event.type)).toEqual(['QuoteApprovalRequested', 'QuoteApproved']);
  });

  test('deeper discounts need the desk, then the board; nobody decides for a group he is not in', async () => {
    const partner = await givenPartner(quoting);
    const product = await givenProduct(quoting, { needsCheck: true });
    const quote = await givenSubmitted(partner, [{ productId: product.id, discountBasisPoints: 3000 }]);
    expect(quote.approvalSteps.map((step) => step.group)).toEqual([ApprovalGroup.DEAL_DESK, ApprovalGroup.PRICING_BOARD]);
    expect(await refusal(quoting.manager.approveQuote({ id: quote.id }))).toBe('PERMISSION_DENIED ROLE_NOT_ALLOWED');
    expect(await refusal(quoting.board.approveQuote({ id: quote.id }))).toBe('NOT_FOUND NOT_FOUND');
    expect(await refusal(quoting.executive.approveQuote({ id: quote.id }))).toBe('PERMISSION_DENIED ROLE_NOT_ALLOWED');
    await quoting.desk.approveQuote({ id: quote.id });
    expect(await refusal(quoting.desk.approveQuote({ id: quote.id }))).toBe('PERMISSION_DENIED ROLE_NOT_ALLOWED');
    expect((await quoting.board.listQuotes({})).quotes.map((each) => each.id)).toEqual([quote.id]);
    expect(await quoting.board.approveQuote({ id: quote.id })).toMatchObject({ state: QuoteState.APPROVED });
    expect(await refusal(quoting.board.getQuote({ id: quote.id }))).toBe('NOT_FOUND NOT_FOUND');
  });

  test('whoever submitted does not approve, whatever the role', async () => {
    const partner = await givenPartner(quoting);
    const { id } = await givenPriced(partner, [{ productId: (await givenProduct(quoting)).id, discountBasisPoints: 800 }]);
    await quoting.admin.submitQuote({ id });
    expect(await refusal(quoting.admin.approveQuote({ id }))).toBe('PERMISSION_DENIED SECOND_PERSON_NEEDED');
    expect(await refusal(quoting.admin.rejectQuote({ id, comment: 'x' }))).toBe('PERMISSION_DENIED SECOND_PERSON_NEEDED');
    expect((await quoting.admin.getQuote({ id })).moves).not.toContain('approve');
    expect(await quoting.manager.approveQuote({ id })).toMatchObject({ state: QuoteState.APPROVED });
  });

  test('of two approvals at once one counts', async () => {
    const partner = await givenPartner(quoting);
    const quote = await givenSubmitted(partner, [{ productId: (await givenProduct(quoting)).id, discountBasisPoints: 800 }]);
    const results = await Promise.all(
      [quoting.manager, quoting.desk, quoting.admin].map((who) => refusal(who.approveQuote({ id: quote.id, etag: quote.etag }))),
    );
    expect(results.filter((each) => each === 'accepted')).toHaveLength(1);
    expect((await eventsOf(quote.id)).filter((event) => event.type === 'QuoteApproved')).toHaveLength(1);
  });

  test('a rejection says why to the partner; the note stays inside', async () => {
    const partner = await givenPartner(quoting);
    const quote = await givenSubmitted(partner, [{ productId: (await givenProduct(quoting)).id, discountBasisPoints: 800 }]);
    expect(await refusal(quoting.manager.rejectQuote({ id: quote.id }))).toMatch(/^INVALID_ARGUMENT/);
    await quoting.manager.rejectQuote({ id: quote.id, comment: 'Too much', internalNote: 'They always ask' });
    expect(await partner.seller.getQuote({ id: quote.id })).toMatchObject({
      state: QuoteState.REJECTED,
      stateComment: 'Too much',
      moves: ['revise', 'shareLine'],
    });
    const partnerSide = await partner.seller.getQuoteHistory({ id: quote.id });
    expect(partnerSide.entries.map((entry) => entry.move)).toEqual(['create', 'price', 'submit', 'reject']);
    expect(partnerSide.entries.at(-1)).toMatchObject({ side: 'ENTERPRISE', actorName: '', comment: 'Too much', internalNote: '' });
    expect((await quoting.desk.getQuoteHistory({ id: quote.id })).entries.at(-1)).toMatchObject({
      actorName: 'manager',
      internalNote: 'They always ask',
    });
  });

  test.each<[string, object]>([
    ['PARTNER_NOT_ENROLLED', { enrolled: false }],
    ['PARTNER_NOT_ACTIVE', {}],
  ])('a partner that is not fit is stopped: %s', async (reason, terms) => {
    const partner = await givenPartner(quoting);
    const { id } = await givenPriced(partner, [{ productId: (await givenProduct(quoting)).id }]);
    if (reason === 'PARTNER_NOT_ENROLLED') await givenTerms(quoting, partner.id, terms);
    else await run(quoting.service.database, `update access_partners set state = 'SUSPENDED' where id = $1`, [partner.id]);
    expect(await refusal(partner.seller.submitQuote({ id }))).toBe(`FAILED_PRECONDITION ${reason}`);
    expect(await refusal(quoting.admin.submitQuote({ id }))).toBe(`FAILED_PRECONDITION ${reason}`);
    expect(await rowOf(id)).toMatchObject({ state: 'PRICED' });
  });

  test('a new tier counts from the next submit on; what was submitted keeps its price', async () => {
    const partner = await givenPartner(quoting, { tier: 'BRONZE' });
    const line = { productId: (await givenProduct(quoting)).id, discountBasisPoints: 1000 };
    expect((await givenSubmitted(partner, [line])).state).toBe(QuoteState.APPROVAL_NEEDED);
    await givenTerms(quoting, partner.id, { tier: 'GOLD' });
    const gold = await givenSubmitted(partner, [line]);
    expect(gold.state).toBe(QuoteState.APPROVED);
    await givenTerms(quoting, partner.id, { tier: 'BRONZE' });
    expect(await partner.seller.getQuote({ id: gold.id })).toMatchObject({ state: QuoteState.APPROVED, totals: { netAmount: usd(90) } });
  });

  test('the limit of the program asks the desk', async () => {
    const partner = await givenPartner(quoting, { settings: { quoteApprovalLimit: usd(150) } });
    const product = await givenProduct(quoting);
    expect((await givenSubmitted(partner, [{ productId: product.id }])).state).toBe(QuoteState.APPROVED);
    expect((await givenSubmitted(partner, [{ productId: product.id, quantity: 2 }])).approvalSteps).toMatchObject([
      { group: ApprovalGroup.DEAL_DESK },
    ]);
  });
});

describe('revise', () => {
  test('leaves one active version and re-uses approvals for what is not worse', async () => {
    const partner = await givenPartner(quoting);
    const quote = await givenSubmitted(partner, [{ productId: (await givenProduct(quoting)).id, discountBasisPoints: 800 }]);
    await quoting.manager.approveQuote({ id: quote.id });
    const next = await partner.seller.reviseQuote({ id: quote.id });
    expect(next).toMatchObject({ number: quote.number, revision: 2, state: QuoteState.DRAFT, supersedesId: quote.id });
    expect(await partner.seller.getQuote({ id: quote.id })).toMatchObject({
      state: QuoteState.SUPERSEDED,
      supersededById: next.id,
      moves: ['shareLine'],
    });
    await partner.seller.priceQuote({ id: next.id });
    expect(await partner.seller.submitQuote({ id: next.id })).toMatchObject({
      state: QuoteState.APPROVED,
      approvalSteps: [{ reused: true }],
    });
    expect((await partner.seller.listQuotes({ number: quote.number })).quotes.map((each) => each.revision)).toEqual([2, 1]);
    expect(
      (await quoting.outbox())
        .filter((event) => [quote.id, next.id].includes(event.key))
        .slice(-4)
        .map((event) => event.type),
    ).toEqual(['QuoteSuperseded', 'QuoteRevised', 'QuotePriced', 'QuoteApproved']);
  });

  test('ten at once make one new version', async () => {
    const partner = await givenPartner(quoting);
    const quote = await givenSubmitted(partner, [{ productId: (await givenProduct(quoting)).id }]);
    const results = await Promise.all(Array.from({ length: 10 }, () => refusal(partner.seller.reviseQuote({ id: quote.id }))));
    expect(results.filter((each) => each === 'accepted')).toHaveLength(1);
    expect((await partner.seller.listQuotes({ number: quote.number })).quotes).toHaveLength(2);
  });
});

describe('the end', () => {
  test('present, then accept with proof', async () => {
    const partner = await givenPartner(quoting);
    const { id } = await givenSubmitted(partner, [{ productId: (await givenProduct(quoting)).id }]);
    expect(await partner.associate.presentQuote({ id })).toMatchObject({ state: QuoteState.PRESENTED });
    expect(await refusal(partner.associate.acceptQuote({ id }))).toMatch(/^INVALID_ARGUMENT/);
    expect(await partner.associate.acceptQuote({ id, proof: 'PO 4711' })).toMatchObject({
      state: QuoteState.ACCEPTED,
      acceptanceProof: 'PO 4711',
      acceptTime: quoting.clock.now,
      moves: ['shareLine'],
    });
    expect(await refusal(partner.associate.cancelQuote({ id }))).toBe('FAILED_PRECONDITION ILLEGAL_MOVE');
  });

  test('declined with a reason, cancelled, recalled', async () => {
    const partner = await givenPartner(quoting);
    const product = await givenProduct(quoting);
    const one = await givenSubmitted(partner, [{ productId: product.id }]);
    expect(await refusal(partner.seller.declineQuote({ id: one.id }))).toMatch(/^INVALID_ARGUMENT/);
    expect(await partner.seller.declineQuote({ id: one.id, reason: 'PRICE', comment: 'too dear' })).toMatchObject({
      state: QuoteState.DECLINED,
      stateReason: 'PRICE',
      stateComment: 'too dear',
    });
    const two = await givenDraft(partner, []);
    expect(await partner.seller.cancelQuote({ id: two.id, comment: 'wrong customer' })).toMatchObject({ state: QuoteState.CANCELLED });
    const three = await givenSubmitted(partner, [{ productId: product.id, discountBasisPoints: 900 }]);
    expect(await partner.seller.recallQuote({ id: three.id })).toMatchObject({ state: QuoteState.DRAFT, totals: undefined });
  });
});

test('the people of a suspended partner read only; the enterprise puts the quote in order', async () => {
  const partner = await givenPartner(quoting);
  const { id } = await givenPriced(partner, [{ productId: (await givenProduct(quoting)).id }]);
  await run(quoting.service.database, `update access_partners set state = 'SUSPENDED' where id = $1`, [partner.id]);
  expect(await partner.seller.getQuote({ id })).toMatchObject({ id, moves: [] });
  for (const attempt of [
    partner.seller.cancelQuote({ id }),
    partner.seller.reviseQuote({ id }),
    partner.seller.updateQuote({ quote: { id, note: 'x' }, updateMask: ['note'] }),
  ]) {
    expect(await refusal(attempt)).toBe('FAILED_PRECONDITION PARTNER_NOT_ACTIVE');
  }
  expect(await quoting.manager.cancelQuote({ id })).toMatchObject({ state: QuoteState.CANCELLED });
});
