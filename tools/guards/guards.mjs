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
];
