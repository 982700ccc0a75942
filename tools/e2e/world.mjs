// The people and organisations of one run, made through the public API; names are unique, so that runs never meet.
import { randomUUID } from 'node:crypto';
import { eventually, person } from './person.mjs';

const ADMIN = 'admin@enterprise.example';
const CLAIMANTS = 50;

export async function makeWorld(platform, adminEmail = ADMIN) {
  const run = randomUUID().slice(0, 8);
  const admin = await person(platform, adminEmail);
  const world = { run, platform, admin };
  const enterprise = (await admin.get('me')).memberships.find(({ role }) => role === 'ROLE_ENTERPRISE_ADMIN').partnerId;
  world.desk = await hire(world, enterprise, 'desk', 'ROLE_DEAL_DESK', '@enterprise.example');
  world.orderDesk = await hire(world, enterprise, 'orders', 'ROLE_ORDER_DESK', '@enterprise.example');
  world.executive = await hire(world, enterprise, 'executive', 'ROLE_ENTERPRISE_EXECUTIVE', '@enterprise.example');
  world.program = await makeProgram(world);
  world.first = await makePartner(world, 'First');
  world.second = await makePartner(world, 'Second');
  world.third = await makePartner(world, 'Third');
  world.products = await makeCatalog(world);
  return world;
}

/** A person of an organisation, invited and accepted. */
export async function hire({ admin, platform, run }, partnerId, name, role, domain) {
  const email = `${name}-${run}${domain}`;
  const { id } = await admin.post(`partners/${partnerId}/staff`, { name: `${name} ${run}`, email, role });
  const self = await person(platform, email);
  await self.post(`staff/${id}:accept`);
  return self;
}

async function makeProgram({ admin, run }) {
  const program = await admin.post('programs', {
    name: `Program ${run}`,
    kind: 'RESELLER',
    openForApplication: true,
    termsVersion: '1',
    baseCurrency: 'EUR',
    defaultSellingModel: 'REG_PARTNER_RETAINS',
    dealTypes: [{ dealType: 'RESALE' }, { dealType: 'CO_SELL' }],
    settings: { partnerMayConvert: true, registrationDiscountPct: '5' },
  });
  return admin.post(`programs/${program.id}:publish`);
}

async function makePartner(world, name) {
  const { admin, run } = world;
  const partner = await admin.post('partners', {
    name: `${name} ${run}`,
    types: ['RESELLER'],
    country: 'DE',
    website: `https://${name.toLowerCase()}-${run}.example`,
  });
  await admin.post(`partners/${partner.id}:activate`);
  const domain = `@${name.toLowerCase()}-${run}.example`;
  const people = {
    owner: await hire(world, partner.id, 'admin', 'ROLE_PARTNER_ADMIN', domain),
    manager: await hire(world, partner.id, 'manager', 'ROLE_PARTNER_MANAGER', domain),
    associate: await hire(world, partner.id, 'associate', 'ROLE_PARTNER_ASSOCIATE', domain),
  };
  const enrolment = await eventually(() =>
    admin.post('enrolments:invite', { partnerId: partner.id, programId: world.program.id, tier: 'SILVER', waiveCriteria: true }),
  );
  await eventually(() => people.owner.post(`enrolments/${enrolment.id}:accept`, { acceptedTermsVersion: '1' }));
  return { id: partner.id, name: partner.name, ...people };
}

async function makeCatalog({ admin, run }) {
  const family = `FAM_${run.toUpperCase()}`;
  await admin.post('productFamilies', { code: family, name: `Family ${run}` });
  const product = (name, units) =>
    admin.post('products', {
      sku: `${name}-${run}`,
      name: `${name} ${run}`,
      family,
      listPrices: [{ currencyCode: 'EUR', units: String(units) }],
      unitCosts: [{ currencyCode: 'EUR', units: String(units / 2) }],
    });
  return [await product('Switch', 1_000), await product('Care', 200)];
}

/** Fifty more partners of the program, for the race. */
export async function makeClaimants({ admin, run, program }) {
  const items = Array.from({ length: CLAIMANTS }, (_, index) => ({
    externalId: `claimant:${run}:${index}`,
    partner: { name: `Claimant ${index} ${run}`, types: ['RESELLER'], country: 'DE' },
  }));
  const partners = (await admin.post('partners:import', { items })).results.map(({ id }) => id);
  const enrolments = partners.map((partnerId, index) => ({
    externalId: `claimant:${run}:${index}`,
    partnerId,
    programId: program.id,
    tier: 'SILVER',
  }));
  await eventually(async () => {
    const { results } = await admin.post('enrolments:import', { items: enrolments });
    const refused = results.find(({ outcome }) => outcome === 'IMPORT_OUTCOME_REFUSED');
    if (refused) throw new Error(`an enrolment was refused: ${JSON.stringify(refused)}`);
  });
  return partners;
}
