import { DealRegistrationServiceClient, EvidenceKind, type Deal } from '@openprm/contracts/dealregistration';
import * as directory from '@openprm/contracts/partnerdirectory';
import * as programs from '@openprm/contracts/programsegment';
import * as quoting from '@openprm/contracts/quoting';
import { newId, run } from '@openprm/postgres';
import { givenService, type TestService } from '@openprm/testing';
import { app } from '../src/app';
import { defaultSettings } from '../src/config';
import type { Deps } from '../src/deps';

const apiOf = (service: TestService<Deps>, email: string) => service.as(DealRegistrationServiceClient, email);
export type Api = ReturnType<typeof apiOf>;

export interface Deals extends TestService<Deps> {
  by(email: string): Api;
  desk: Api;
  admin: Api;
  second: Api;
  executive: Api;
  approver: Api;
}

export const usd = (units: number) => ({ currencyCode: 'USD', units: BigInt(units), nanos: 0 });

/** The service with the enterprise's people. */
export async function givenDeals(): Promise<Deals> {
  const service = await givenService(app(defaultSettings));
  const enterprise = newId();
  await givenOrganisation(service, { id: enterprise, name: 'Enterprise', kind: directory.OrganisationKind.INTERNAL });
  const people = {
    admin: 'ENTERPRISE_ADMIN',
    second: 'ENTERPRISE_ADMIN',
    desk: 'DEAL_DESK',
    executive: 'ENTERPRISE_EXECUTIVE',
    approver: 'APPROVER',
  } as const;
  for (const [name, role] of Object.entries(people))
    await givenStaff(service, enterprise, directory.Role[role], `${name}@enterprise.example`);
  const by = (email: string) => apiOf(service, email);
  return {
    ...service,
    by,
    desk: by('desk@enterprise.example'),
    admin: by('admin@enterprise.example'),
    second: by('second@enterprise.example'),
    executive: by('executive@enterprise.example'),
    approver: by('approver@enterprise.example'),
  };
}

let counter = 0;

export const givenOrganisation = (service: TestService<Deps>, fields: Partial<directory.Partner>) =>
  service.deliver(directory.PartnerActivated, {
    partner: directory.Partner.fromPartial({
      kind: directory.OrganisationKind.EXTERNAL,
      state: directory.PartnerState.ACTIVE,
      country: 'DE',
      etag: '2',
      ...fields,
    }),
  });

export interface Partner {
  id: string;
  name: string;
  associate: Api;
  associateId: string;
  manager: Api;
  managerEmail: string;
  admin: Api;
}

type Terms = Omit<Partial<programs.EnrolmentSummary>, 'settings'> & { settings?: Partial<programs.ProgramSettings> };

/** An active, enrolled partner with an associate, a manager and an admin. */
export async function givenPartner(deals: Deals, fields: Partial<directory.Partner> = {}, terms: Terms = {}): Promise<Partner> {
  const id = fields.id ?? newId();
  const n = ++counter;
  const name = fields.name ?? `Partner <${n}>`;
  await givenOrganisation(deals, { ...fields, id, name });
  const associate = await givenStaff(deals, id, directory.Role.PARTNER_ASSOCIATE, `associate${n}@p${n}.example`);
  const manager = await givenStaff(deals, id, directory.Role.PARTNER_MANAGER, `manager${n}@p${n}.example`);
  const admin = await givenStaff(deals, id, directory.Role.PARTNER_ADMIN, `admin${n}@p${n}.example`);
  await givenPartnership(deals, id, terms);
  return {
    id,
    name,
    associate: deals.by(associate.email),
    associateId: associate.personId,
    manager: deals.by(manager.email),
    managerEmail: manager.email,
    admin: deals.by(admin.email),
  };
}

export const PROGRAM = newId();

export const givenPartnership = (deals: Deals, partnerId: string, { settings, ...terms }: Terms = {}, version = 1n) =>
  deals.deliver(programs.PartnershipChanged, {
    partnership: programs.Partnership.fromPartial({
      partnerId,
      partnerState: directory.PartnerState.ACTIVE,
      version,
      enrolments: [
        {
          enrolmentId: newId(),
          programId: PROGRAM,
          programName: 'Resellers',
          programKind: 'RESELLER',
          state: programs.EnrolmentState.ACTIVE,
          tier: 'GOLD',
          dealTypes: ['RESALE', 'CO_SELL', 'REFERRAL', 'INFLUENCE'],
          defaultSellingModel: 'REG_PARTNER_RETAINS',
          entitlements: { 'deal.protectionDays': '90', 'deal.maxOpenUnproven': '40' },
          ...terms,
          settings: programs.ProgramSettings.fromPartial({ disclosure: programs.Disclosure.EXISTS, ...settings }),
        },
      ],
    }),
  });

export async function givenStaff(
  service: TestService<Deps>,
  partnerId: string,
  role: directory.Role,
  email: string,
): Promise<{ email: string; personId: string; staffMember: directory.StaffMember }> {
  const personId = newId();
  const staffMember = directory.StaffMember.fromPartial({
    id: newId(),
    partnerId,
    personId,
    name: email.split('@')[0]!,
    email,
    role,
    state: directory.MembershipState.ACTIVE,
    includeDescendants: role !== directory.Role.PARTNER_ASSOCIATE,
    etag: '1',
    createTime: new Date('2025-01-01T00:00:00Z'),
  });
  await service.deliver(directory.StaffActivated, { staffMember });
  return { email, personId, staffMember };
}

/** A customer nobody has seen before. */
export function someCustomer() {
  const n = ++counter;
  return { name: `Customer ${n} GmbH`, country: 'DE', taxId: `DE${100_000 + n}`, website: `https://www.customer${n}.de` };
}

/** Content of a deal that can be submitted. */
export const content = (fields: Record<string, unknown> = {}) => ({
  title: 'Routers for the new site',
  customer: someCustomer(),
  lines: [{ productName: 'Router', productFamily: 'Networking', quantity: 2, amount: usd(5_000) }],
  amount: usd(5_000),
  expectedCloseDate: '2027-06-30',
  evidence: [{ kind: EvidenceKind.NEED, text: 'Their lease ends.' }],
  ...fields,
});

export const givenDraft = (partner: Partner, fields: Record<string, unknown> = {}): Promise<Deal> =>
  partner.associate.createDeal({ deal: { partnerId: partner.id, ...content(fields) } });

export async function givenSubmitted(partner: Partner, fields: Record<string, unknown> = {}): Promise<Deal> {
  return partner.associate.submitDeal({ id: (await givenDraft(partner, fields)).id });
}

export async function givenInReview(deals: Deals, partner: Partner, fields: Record<string, unknown> = {}): Promise<Deal> {
  return deals.desk.takeDeal({ id: (await givenSubmitted(partner, fields)).id });
}

export async function givenApproved(deals: Deals, partner: Partner, fields: Record<string, unknown> = {}): Promise<Deal> {
  return deals.desk.approveDeal({ id: (await givenInReview(deals, partner, fields)).id });
}

export async function givenConverted(deals: Deals, partner: Partner, fields: Record<string, unknown> = {}): Promise<Deal> {
  return deals.desk.convertDeal({ id: (await givenApproved(deals, partner, fields)).id });
}

export const givenQuote = (deals: Deals, fields: Partial<quoting.Quote>) =>
  deals.deliver(quoting.QuoteImported, {
    quote: quoting.Quote.fromPartial({ id: newId(), number: 'QT-000001', etag: '1', state: quoting.QuoteState.APPROVED, ...fields }),
  });

/** Types of the events of one record, oldest first. */
export const eventsOf = async (deals: Deals, id: string): Promise<string[]> =>
  (await deals.outbox()).filter((event) => event.key === id).map((event) => event.type);

/** Active protections by scope; more than one of the same would be a broken promise. */
export async function activeScopes(deals: Deals): Promise<{ scope: string; holders: number }[]> {
  return run(
    deals.service.database,
    `select customer_key || ' ' || family || ' ' || country as scope, count(*)::int as holders from customer_claims where active group by 1 order by 1`,
  );
}

/** Facts of a record that a refusal must leave as they were. */
export async function traceOf(deals: Deals, id: string): Promise<unknown> {
  const [row] = await run(
    deals.service.database,
    `select (select to_jsonb(d) from deals d where id = $1) as deal, (select count(*)::int from audit_log where aggregate_id = $1) as audit, (select count(*)::int from outbox where key = $1::text) as events, (select count(*)::int from customer_claims where owner_id = $1) as claims`,
    [id],
  );
  return row;
}
