// Each promise has a guard in the code and a test that fails without it. Here stands which, as data: the guard is taken out of a
// copy of the project (`take` becomes `put`) and the named test has to fail.

/** @type {{ promise: string, guard: string, file: string, take: string, put: string, test: string, name: string }[]} */
export const guards = [
  {
    promise: 'I3', guard: 'a refusal rolls everything back', file: 'packages/postgres/src/transact.ts',
    take: 'return await deps.database.transaction(async (tx) => {', put: 'return await (async (work: (tx: Tx) => Promise<T>) => { const runner = deps.database.createQueryRunner(); await runner.connect(); try { return await work(runner.manager); } finally { await runner.release(); } })(async (tx) => {',
    test: 'packages/testing/test/transact.test.ts', name: 'what was refused at the end leaves nothing',
  },
  {
    promise: 'I4', guard: 'the kept answer has a unique key', file: 'packages/postgres/src/tables.ts',
    take: 'constraint idempotency_pkey primary key (principal, key)', put: 'constraint idempotency_some check (true)',
    test: 'packages/testing/test/transact.test.ts', name: 'of concurrent repeats one acts',
  },
  {
    promise: 'I4', guard: 'the same key with another body is refused', file: 'packages/postgres/src/transact.ts',
    take: 'row.fingerprint !== command.fingerprint ||', put: '',
    test: 'packages/testing/test/transact.test.ts', name: 'a key that was used for another request is refused',
  },
  {
    promise: 'I7', guard: 'a row is written only in the version it was read in', file: 'packages/postgres/src/flush.ts',
    take: 'and version = ${statement.param(change.expectedVersion)}', put: 'and ${statement.param(change.expectedVersion)}::int is not null',
    test: 'packages/testing/test/transact.test.ts', name: 'of two commands on one version exactly one wins',
  },
  {
    promise: 'I13', guard: 'the audit is append-only', file: 'packages/postgres/src/tables.ts',
    take: "raise exception 'audit_log is append-only';", put: 'return new;',
    test: 'services/partner-directory/test/gates.test.ts', name: 'the audit is append-only',
  },
  {
    promise: 'I9', guard: 'reads are cut to the scope', file: 'packages/access/src/scope.ts',
    take: "(scope.all ? 'true' :", put: "(scope.all || params ? 'true' :",
    test: 'services/partner-directory/test/partners.test.ts', name: 'a partner sees its own organisation',
  },
  {
    promise: 'I9', guard: 'lists are cut to the scope', file: 'packages/access/src/scope.ts',
    take: 'const rows = list.scope.all', put: 'const rows = list.scope',
    test: 'services/partner-directory/test/partners.test.ts', name: 'a partner sees its own organisation',
  },
  {
    promise: 'I9', guard: 'only active memberships count', file: 'packages/access/src/callers.ts',
    take: "and m.state = 'ACTIVE'", put: '',
    test: 'services/partner-directory/test/staff.test.ts', name: 'a membership taken away works on the next request',
  },
  {
    promise: 'I9', guard: 'an RPC asks for its roles', file: 'packages/access/src/policy.ts',
    take: 'if (!row.some((role) => held.has(role)))', put: 'if (row.length === 0)',
    test: 'services/partner-directory/test/partners.test.ts', name: 'nobody without a role lists partners',
  },
  {
    promise: 'I11', guard: 'outside the scope answers like missing', file: 'services/partner-directory/src/db/partners.ts',
    take: "if (!row) throw notFound('partner');", put: "if (!row) throw notFound(`partner ${id}`);",
    test: 'services/partner-directory/test/partners.test.ts', name: 'others look like none',
  },
  {
    promise: 'I12', guard: 'moves follow the table', file: 'packages/moves/src/index.ts',
    take: 'if (!moves[move].from.includes(state)) throw', put: 'if (state === undefined) throw',
    test: 'services/partner-directory/src/domain/partner.test.ts', name: 'leads where the table says, or is refused',
  },
  {
    promise: 'I8', guard: 'a line is rounded half up, once', file: 'services/quoting/src/domain/pricing.ts',
    take: 'return divideHalfUp(this.numerator, this.denominator);', put: 'return this.numerator / this.denominator;',
    test: 'services/quoting/src/domain/pricing.test.ts', name: 'half a minor unit is rounded up',
  },
  {
    promise: 'I9', guard: "another partner's price is hidden", file: 'services/quoting/src/domain/visibility.ts',
    take: "if (viewer.sees.has(line.linePartnerId) || line.shared) return 'PRICE';", put: "if (viewer.sees.size > 0) return 'PRICE';",
    test: 'services/quoting/src/domain/visibility.test.ts', name: 'the whole sum is told only to those who see every price',
  },
  {
    promise: 'I9', guard: "a partner's own queue is unseen by the enterprise", file: 'services/case/src/db/visible.ts',
    take: "'c.partner_sees' : 'c.parent_sees'", put: "'c.partner_sees' : 'true'",
    test: 'services/case/test/queues-and-visibility.test.ts', name: 'is worked by the partner, unseen by the enterprise',
  },
  {
    promise: 'I9', guard: 'internal comments stay inside', file: 'services/case/src/db/cases.ts',
    take: "if (reader.side === 'PARTNER') where.push", put: 'if (params.values.length === 0) where.push',
    test: 'services/case/test/life-of-a-case.test.ts', name: 'names nobody of the enterprise and nothing internal',
  },
  {
    promise: 'I9', guard: 'nobody signs in without an open membership', file: 'services/identity/src/db/accounts.ts',
    take: 'and state = any ($2)', put: 'and $2::text[] is not null',
    test: 'services/identity/test/sign-in.test.ts', name: 'whoever has no open membership any more',
  },
  {
    promise: 'I4', guard: 'a quote has one order', file: 'services/order/src/db/migrations/1-init.ts',
    take: 'create unique index orders_quote on', put: 'create index orders_quote on',
    test: 'services/order/test/orders.test.ts', name: 'fifty requests for one quote make one order',
  },
  {
    promise: 'I8', guard: 'an order has the total of its quote', file: 'services/order/src/domain/hard-checks.ts',
    take: 'quote && !equal(quote.total, totalOf(order))', put: 'quote && !equal(quote.total, quote.total)',
    test: 'services/order/src/domain/hard-checks.test.ts', name: 'when a cent or the currency differs from the quote',
  },
  {
    promise: 'I9', guard: 'whoever made an order does not decide on it', file: 'services/order/src/domain/desk.ts',
    take: 'if (isOwnDecision(order, move, by))', put: "if (by === '')",
    test: 'services/order/test/orders.test.ts', name: 'whoever made an order never decides on it',
  },
  {
    promise: 'I9', guard: "another partner's amounts are hidden", file: 'services/order/src/contract/to-message.ts',
    take: 'own.has(line.linePartnerId) || line.shared', put: 'own.size > 0',
    test: 'services/order/test/visibility.test.ts', name: 'each partner of an order reads its own amounts',
  },
  {
    promise: 'I12', guard: "an order's moves follow the table", file: 'services/order/src/domain/moves.ts',
    take: 'if (allows(moves[move], order.state)) return;', put: 'if (order.id) return;',
    test: 'services/order/src/domain/moves.test.ts', name: 'follows the table',
  },
];
