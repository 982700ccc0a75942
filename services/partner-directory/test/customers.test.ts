import { RelationOwner, Role } from '@openprm/contracts/partnerdirectory';
import { run } from '@openprm/postgres';
import { givenDirectory, givenPartner, givenStaff, type Directory } from './given';

let directory: Directory;
beforeAll(async () => {
  directory = await givenDirectory();
});
afterAll(() => directory.stop());

test('an associate records a customer of the own organisation, who owns the relation unless told otherwise', async () => {
  const partner = await givenPartner(directory);
  const associate = await givenStaff(directory, partner.id, Role.PARTNER_ASSOCIATE);
  const customer = await directory.by(associate.email).createCustomer({ customer: { name: 'Shop', country: 'DE' } });
  expect(customer).toMatchObject({ partnerId: partner.id, relationOwner: RelationOwner.PARTNER });
});

test('a customer of another partner looks like none', async () => {
  const [mine, theirs] = [await givenPartner(directory), await givenPartner(directory)];
  const associate = await givenStaff(directory, mine.id, Role.PARTNER_ASSOCIATE);
  const hidden = await directory.admin.createCustomer({ customer: { name: 'Hidden', country: 'DE', partnerId: theirs.id } });
  await expect(directory.by(associate.email).getCustomer({ id: hidden.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(
    directory.by(associate.email).updateCustomer({ customer: { id: hidden.id, city: 'X' }, updateMask: ['city'] }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await directory.by(associate.email).listCustomers({ search: 'hid' })).customers).toEqual([]);
});

test('an update changes what its mask names and nothing else', async () => {
  const customer = await directory.admin.createCustomer({ customer: { name: 'Masked', country: 'US', city: 'Old', industry: 'retail' } });
  const updated = await directory.admin.updateCustomer({
    customer: { id: customer.id, city: 'New', industry: 'lost' },
    updateMask: ['city'],
    etag: customer.etag,
  });
  expect(updated).toMatchObject({ name: 'Masked', city: 'New', industry: 'retail', country: 'US' });
  await expect(
    directory.admin.updateCustomer({ customer: { id: customer.id, city: 'Late' }, updateMask: ['city'], etag: customer.etag }),
  ).rejects.toMatchObject({ code: 'ABORTED' });
});

test('an import finds parent companies wherever they stand and refuses whoever has none', async () => {
  const item = (externalId: string, parentExternalId = '') => ({
    externalId,
    customer: { name: externalId, country: 'US' },
    parentExternalId,
  });
  const items = [
    item('acc:child', 'acc:parent'),
    item('acc:parent'),
    item('acc:orphan', 'acc:none'),
    item('acc:grandchild', 'acc:child'),
    item('acc:lost', 'acc:orphan'),
  ];
  const { results } = await directory.admin.importCustomers({ items });
  expect(results.map((result) => result.outcome.replace('IMPORT_OUTCOME_', ''))).toEqual([
    'CREATED',
    'CREATED',
    'REFUSED',
    'CREATED',
    'REFUSED',
  ]);
  const rows = await run<{ name: string; parent: string | null }>(
    directory.service.database,
    `select c.name, p.name as parent from customers c left join customers p on p.id = c.parent_customer_id where c.external_id like 'acc:%' order by 1`,
  );
  expect(rows).toEqual([
    { name: 'acc:child', parent: 'acc:parent' },
    { name: 'acc:grandchild', parent: 'acc:child' },
    { name: 'acc:parent', parent: null },
  ]);
});
