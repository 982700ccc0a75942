import { Role } from '@openprm/contracts/partnerdirectory';
import { brokenAuditChains, recordStatements, run } from '@openprm/postgres';
import { planOf } from '@openprm/testing';
import { givenDirectory, givenPartner, givenStaff, type Directory } from './given';

let directory: Directory;
beforeAll(async () => {
  directory = await givenDirectory();
});
afterAll(() => directory.stop());

/** Statements of one call, grants already known. */
async function counted(work: () => Promise<unknown>): Promise<number> {
  await directory.admin.getMe({});
  return (await recordStatements(work)).filter((sql) => sql !== 'select 1' && !sql.includes('from access_memberships')).length;
}

test('statements besides BEGIN and COMMIT: create at most 3, a move at most 5, detail at most 3, list 1', async () => {
  const parent = await givenPartner(directory);
  const create = () =>
    directory.admin.createPartner({
      partner: { name: 'Counted', types: ['RESELLER'], country: 'US', parentId: parent.id },
      requestId: 'counted',
    });
  expect(await counted(create)).toBeLessThanOrEqual(3);
  expect(await counted(() => directory.admin.suspendPartner({ id: parent.id, reason: 'X' }))).toBeLessThanOrEqual(5);
  expect(await counted(() => directory.admin.getPartner({ id: parent.id }))).toBeLessThanOrEqual(3);
  expect(await counted(() => directory.admin.listPartners({}))).toBe(1);
  expect(await counted(() => directory.admin.listCustomers({}))).toBe(1);
});

test('an import takes as many statements for 200 partners as for one', async () => {
  const batch = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      externalId: `${prefix}:${index}`,
      partner: { name: `${prefix} ${index}`, country: 'US' },
    }));
  const one = await counted(() => directory.admin.importPartners({ items: batch('one', 1) }));
  expect(await counted(() => directory.admin.importPartners({ items: batch('many', 200) }))).toBe(one);
});

test('lists of 20,000 rows are read by index, for everybody and for one partner', async () => {
  const partner = await givenPartner(directory);
  const manager = await givenStaff(directory, partner.id, Role.PARTNER_MANAGER);
  const { database } = directory.service;
  await run(
    database,
    `insert into partners select gen_random_uuid(), 1, 'P' || n, '{RESELLER}', 'EXTERNAL', 'ACTIVE', null, null, 'US', '', '', '', '{"specialisations":[],"marketFocus":[],"regions":[],"expertise":[]}', null, '', null, now() - n * interval '1 minute', now() from generate_series(1, 20000) n`,
  );
  await run(
    database,
    `insert into customers select gen_random_uuid(), 1, 'C' || n, 'COMPANY', 'US', '', '', '', '', null, case when n % 100 = 0 then $1::uuid end, 'PARENT', '', '', null, now() - n * interval '1 minute', now() from generate_series(1, 20000) n`,
    [partner.id],
  );
  await run(
    database,
    `insert into memberships select gen_random_uuid(), 1, $1, gen_random_uuid(), 'M' || n, n || '@x.example', 'PARTNER_ASSOCIATE', 'DEACTIVATED', false, null, null, now() - n * interval '1 minute', now() from generate_series(1, 20000) n`,
    [partner.id],
  );
  await database.query('analyze');
  for (const call of [
    () => directory.admin.listPartners({}),
    () => directory.admin.listCustomers({}),
    () => directory.admin.listStaff({ partnerId: partner.id }),
    () => directory.by(manager.email).listPartners({}),
    () => directory.by(manager.email).listCustomers({}),
    () => directory.by(manager.email).listStaff({ partnerId: partner.id }),
  ]) {
    const plans = await planOf(database, call);
    expect(plans.join('\n')).not.toMatch(/Seq Scan on (partners|customers|memberships)\b/);
  }
});

test('pages follow each other without a gap or a repeat', async () => {
  const seen: string[] = [];
  let pageToken = '';
  do {
    const page = await directory.admin.listPartners({ pageSize: 100, pageToken });
    seen.push(...page.partners.map((partner) => partner.id));
    pageToken = page.nextPageToken;
  } while (pageToken && seen.length < 1_000);
  expect(new Set(seen).size).toBe(seen.length);
  await expect(directory.admin.listPartners({ pageToken: 'nonsense' })).rejects.toMatchObject({
    details: { violations: [{ field: 'page_token' }] },
  });
});

test('the audit is append-only and a changed row breaks its chain', async () => {
  const { database } = directory.service;
  expect(await brokenAuditChains(database)).toEqual([]);
  await expect(run(database, `update audit_log set entry = '{}'`)).rejects.toThrow('append-only');
  const { id } = await givenPartner(directory);
  await database.query(`alter table audit_log disable trigger audit_log_append_only`);
  await run(database, `update audit_log set entry = entry || '{"reason": "forged"}' where aggregate_id = $1 and version = 1`, [id]);
  expect(await brokenAuditChains(database)).toEqual([id]);
});
