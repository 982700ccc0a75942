// Loads the sample through the public API, as anybody could. Every step looks first, so it can be run again.
import { eventually, signIn } from './api.mjs';
import * as data from './sample-data.mjs';

/**
 * @param {{ gateway: string, token: (email: string) => Promise<string> }} platform a running platform
 * @param {{ say?: (line: string) => void, signal?: AbortSignal, adminEmail?: string }} [options]
 */
export async function loadSample(platform, { say = () => {}, signal, adminEmail = 'admin@enterprise.example' } = {}) {
  say('Loading the sample …');
  const people = new Map();
  const sample = {
    as: async (email) => people.get(email) ?? people.set(email, await eventually(() => signIn(platform, email), { signal })).get(email),
    retry: (work) => eventually(work, { signal }),
    partners: {},
    customers: {},
    products: {},
  };
  sample.admin = await sample.as(adminEmail);
  await loadEnterprise(sample);
  await loadProgram(sample);
  for (const partner of data.partners) await loadPartner(sample, partner);
  await Promise.all([loadCustomers(sample), loadCatalog(sample)]);
  for (const deal of data.deals) await loadDeal(sample, deal);
  say('The sample is loaded.');
}

async function loadEnterprise(sample) {
  const me = await sample.retry(() => sample.admin.get('me'));
  const { partnerId } = me.memberships.find(({ role }) => role === 'ROLE_ENTERPRISE_ADMIN');
  for (const person of data.enterpriseStaff) {
    const member = await loadStaff(sample, partnerId, person);
    if (person.email === data.relationshipManager) sample.relationshipManagerId = member.personId;
  }
}

async function loadStaff(sample, partnerId, person) {
  const find = async () =>
    (await sample.admin.get(`partners/${partnerId}/staff?pageSize=100`)).staff.find(({ email }) => email === person.email);
  const member = await sample.retry(async () => (await find()) ?? sample.admin.post(`partners/${partnerId}/staff`, person));
  if (member.state === 'MEMBERSHIP_STATE_INVITED') {
    const self = await sample.as(person.email);
    await sample.retry(() => self.post(`staff/${member.id}:accept`));
  }
  return member;
}

async function loadPartner(sample, { key, parent, admin, tier, record, staff }) {
  const { admin: api, retry } = sample;
  const wanted = { ...record, ...(parent && { parentId: sample.partners[parent].id }) };
  const partner = await retry(async () => (await findByName(api, 'partners', record.name)) ?? api.post('partners', wanted));
  sample.partners[key] = partner;
  await advance(sample, api, `partners/${partner.id}`, 'activate');
  for (const person of staff) await loadStaff(sample, partner.id, person);
  if (partner.relationshipManagerId !== sample.relationshipManagerId) {
    await retry(() => api.post(`partners/${partner.id}:assignRelationshipManager`, { personId: sample.relationshipManagerId }));
  }
  await enrol(sample, partner, { admin, tier });
}

async function loadProgram(sample) {
  const { admin: api, retry } = sample;
  sample.program = await retry(async () => (await findByName(api, 'programs', data.program.name)) ?? api.post('programs', data.program));
  await advance(sample, api, `programs/${sample.program.id}`, 'publish');
}

async function enrol(sample, partner, { admin, tier }) {
  const { admin: api, program, retry } = sample;
  const find = async () => (await api.get(`enrolments?partnerId=${partner.id}&programId=${program.id}`)).enrolments[0];
  const invitation = { partnerId: partner.id, programId: program.id, tier, waiveCriteria: true };
  const enrolment = await retry(async () => (await find()) ?? api.post('enrolments:invite', invitation));
  const self = await sample.as(admin);
  await advance(sample, self, `enrolments/${enrolment.id}`, 'accept', { acceptedTermsVersion: data.program.termsVersion });
}

async function loadCustomers(sample) {
  const { admin: api, retry } = sample;
  for (const { key, partner, record } of data.customers) {
    const wanted = { ...record, partnerId: sample.partners[partner].id };
    sample.customers[key] = await retry(async () => (await findByName(api, 'customers', record.name)) ?? api.post('customers', wanted));
  }
}

async function loadCatalog(sample) {
  const { admin: api, retry } = sample;
  for (const family of data.families) {
    await retry(
      async () =>
        (await api.get('productFamilies')).productFamilies.find(({ code }) => code === family.code) ?? api.post('productFamilies', family),
    );
  }
  for (const product of data.products) {
    sample.products[product.sku] = await retry(
      async () => (await findByName(api, 'products', product.name)) ?? api.post('products', product),
    );
  }
}

async function loadDeal(sample, { by, until, partner, customer, lines, ...deal }) {
  const self = await sample.as(by);
  const wanted = {
    ...deal,
    partnerId: sample.partners[partner].id,
    customer: { customerId: sample.customers[customer].id },
    lines: lines.map(({ sku, ...line }) => ({
      ...line,
      productId: sample.products[sku].id,
      productName: sample.products[sku].name,
      productFamily: sample.products[sku].family,
    })),
  };
  const find = async () =>
    (await self.get(`deals?search=${encodeURIComponent(deal.title)}`)).deals.find(({ title }) => title === deal.title);
  const { id } = await sample.retry(async () => (await find()) ?? self.post('deals', wanted));
  if (until === 'DRAFT') return;
  await advance(sample, self, `deals/${id}`, 'submit');
  if (until === 'SUBMITTED') return;
  const manager = await sample.as(data.relationshipManager);
  await advance(sample, manager, `deals/${id}`, 'take');
  // Above a limit the relationship manager may not approve alone.
  for (const reviewer of [manager, sample.admin]) await advance(sample, reviewer, `deals/${id}`, 'approve');
  await advance(sample, manager, `deals/${id}`, 'convert');
  const { state } = await sample.admin.get(`deals/${id}`);
  if (state !== `DEAL_STATE_${until}`) throw new Error(`The deal "${deal.title}" is ${state} and should be ${until}.`);
}

/** Makes a move where it is still to be made; a record that is further already is left alone. */
async function advance({ retry }, api, path, move, body = {}) {
  await retry(async () => {
    const { moves } = await api.get(path);
    if (moves.includes(move)) await api.post(`${path}:${move}`, body);
  });
}

async function findByName(api, collection, name) {
  const page = await api.get(`${collection}?search=${encodeURIComponent(name)}`);
  return page[collection].find((record) => record.name === name);
}
