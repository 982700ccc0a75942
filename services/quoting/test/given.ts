import * as deals from '@openprm/contracts/dealregistration';
import * as directory from '@openprm/contracts/partnerdirectory';
import * as programs from '@openprm/contracts/programsegment';
import { QuotingServiceClient, type Product, type Quote } from '@openprm/contracts/quoting';
import { newId } from '@openprm/postgres';
import { givenService, type TestService } from '@openprm/testing';
import { app } from '../src/app';
import type { Deps } from '../src/deps';

const apiOf = (service: TestService<Deps>, email: string) => service.as(QuotingServiceClient, email);
export type Api = ReturnType<typeof apiOf>;

export interface Quoting extends TestService<Deps> {
  by(email: string): Api;
  admin: Api;
  desk: Api;
  board: Api;
  executive: Api;
  manager: Api;
  enterpriseId: string;
  managerId: string;
}

export const usd = (units: number, nanos = 0) => ({ currencyCode: 'USD', units: BigInt(units), nanos });

/** The service with the enterprise's people: admin, deal desk, approver, executive, and one relationship manager. */
export async function givenQuoting(): Promise<Quoting> {
  const service = await givenService(app({ expiryEveryMs: 60_000 }));
  const enterpriseId = newId();
  const managerId = newId();
  await givenOrganisation(service, { id: enterpriseId, name: 'Enterprise', kind: directory.OrganisationKind.INTERNAL });
  const { Role } = directory;
  const people = {
    admin: Role.ENTERPRISE_ADMIN,
    desk: Role.DEAL_DESK,
    board: Role.APPROVER,
    executive: Role.ENTERPRISE_EXECUTIVE,
    manager: Role.RELATIONSHIP_MANAGER,
  };
  for (const [name, role] of Object.entries(people))
    await givenStaff(service, enterpriseId, role, `${name}@enterprise.example`, name === 'manager' ? managerId : newId());
  const by = (email: string) => apiOf(service, email);
  const [admin, desk, board, executive, manager] = ['admin', 'desk', 'board', 'executive', 'manager'].map((name) =>
    by(`${name}@enterprise.example`),
  ) as [Api, Api, Api, Api, Api];
  return { ...service, by, admin, desk, board, executive, manager, enterpriseId, managerId };
}

let counter = 0;
export const nextNumber = (): number => ++counter;

export const givenOrganisation = (service: TestService<Deps>, fields: Partial<directory.Partner>) =>
  service.deliver(directory.PartnerActivated, {
    partner: directory.Partner.fromPartial({
      kind: directory.OrganisationKind.EXTERNAL,
      state: directory.PartnerState.ACTIVE,
      country: 'US',
      etag: '1',
      ...fields,
    }),
  });

export const givenStaff = (service: TestService<Deps>, partnerId: string, role: directory.Role, email: string, personId = newId()) =>
  service.deliver(directory.StaffActivated, {
    staffMember: directory.StaffMember.fromPartial({
      id: newId(),
      partnerId,
      personId,
      name: email.split('@')[0]!,
      email,
      role,
      state: directory.MembershipState.ACTIVE,
      createTime: service.clock.now,
      etag: '1',
      includeDescendants: role === directory.Role.PARTNER_MANAGER || role === directory.Role.PARTNER_ADMIN,
    }),
  });

export interface Partner {
  id: string;
  name: string;
  seller: Api;
  associate: Api;
  owner: Api;
}

export interface Terms {
  tier?: string;
  entitlements?: Record<string, string>;
  settings?: Partial<programs.ProgramSettings>;
  enrolled?: boolean;
  programId?: string;
}

/** An active partner with a manager (`seller`), an associate and an admin (`owner`), enrolled as Silver unless said otherwise. */
export async function givenPartner(service: Quoting, terms: Terms = {}, fields: Partial<directory.Partner> = {}): Promise<Partner> {
  const number = nextNumber();
  const id = newId();
  const name = `Partner ${number}`;
  await givenOrganisation(service, { id, name, relationshipManagerId: service.managerId, ...fields });
  const emails = {
    seller: `seller${number}@partner.example`,
    associate: `associate${number}@partner.example`,
    owner: `owner${number}@partner.example`,
  };
  await givenStaff(service, id, directory.Role.PARTNER_MANAGER, emails.seller);
  await givenStaff(service, id, directory.Role.PARTNER_ASSOCIATE, emails.associate);
  await givenStaff(service, id, directory.Role.PARTNER_ADMIN, emails.owner);
  await givenTerms(service, id, terms);
  return { id, name, seller: service.by(emails.seller), associate: service.by(emails.associate), owner: service.by(emails.owner) };
}

let version = 0n;

/** What the partner's programs say. */
export const givenTerms = (
  service: Quoting,
  partnerId: string,
  { tier = 'SILVER', entitlements = {}, settings = {}, enrolled = true, programId = newId() }: Terms,
) =>
  service.deliver(programs.PartnershipChanged, {
    partnership: programs.Partnership.fromPartial({
      partnerId,
      version: ++version,
      updateTime: service.clock.now,
      entitlements,
      enrolments: [
        {
          enrolmentId: newId(),
          programId,
          tier,
          tierRank: 2,
          state: enrolled ? programs.EnrolmentState.ACTIVE : programs.EnrolmentState.SUSPENDED,
          settings,
        },
      ],
    }),
  });

/** A product at 100 USD that costs 40, unless said otherwise. */
export function givenProduct(service: Quoting, fields: Parameters<Api['createProduct']>[0]['product'] = {}): Promise<Product> {
  const number = nextNumber();
  return service.admin.createProduct({
    product: { sku: `SKU-${number}`, name: `Product ${number}`, family: 'GTX', listPrices: [usd(100)], unitCosts: [usd(40)], ...fields },
  });
}

/** A customer that belongs to the partner. */
export async function givenCustomer(service: Quoting, partnerId: string, country = 'US'): Promise<string> {
  const id = newId();
  await service.deliver(directory.CustomerCreated, {
    customer: directory.Customer.fromPartial({
      id,
      name: `Customer ${nextNumber()}`,
      country,
      partnerId,
      etag: '1',
      createTime: service.clock.now,
    }),
  });
  return id;
}

export interface DealFields extends Partial<Omit<deals.Deal, 'customer'>> {
  customerId?: string;
  families?: string[];
  protectionState?: deals.ProtectionState;
}

/** An approved deal with an active protection for the GTX family, unless said otherwise. */
export async function givenDeal(
  service: Quoting,
  partnerId: string,
  { customerId = '', families = ['GTX'], protectionState = deals.ProtectionState.ACTIVE, ...fields }: DealFields = {},
): Promise<string> {
  const id = fields.id ?? newId();
  const protection = {
    id: newId(),
    dealId: id,
    partnerId,
    customerId,
    families,
    country: 'ALL',
    state: protectionState,
    startTime: service.clock.now,
    endTime: new Date(service.clock.now.getTime() + 60 * 86_400_000),
  };
  const deal = deals.Deal.fromPartial({
    id,
    number: 'DR-000001',
    partnerId,
    state: deals.DealState.APPROVED,
    customer: { customerId, name: 'Acme' },
    amount: usd(1000),
    protection,
    etag: '1',
    createTime: service.clock.now,
    ...fields,
  });
  await service.deliver(deals.DealApproved, { deal });
  return id;
}

export type LineFields = {
  productId?: string;
  quantity?: number;
  linePartnerId?: string;
  discountBasisPoints?: number;
  options?: string[];
  id?: string;
};

/** A draft of the partner's own. */
export const givenDraft = (partner: Partner, lines: LineFields[], fields: object = {}): Promise<Quote> =>
  partner.seller.createQuote({ quote: { partnerId: partner.id, currency: 'USD', lines, ...fields } });

export async function givenPriced(partner: Partner, lines: LineFields[], fields: object = {}): Promise<Quote> {
  const { id } = await givenDraft(partner, lines, fields);
  return partner.seller.priceQuote({ id });
}

export async function givenSubmitted(partner: Partner, lines: LineFields[], fields: object = {}): Promise<Quote> {
  const { id } = await givenPriced(partner, lines, fields);
  return partner.seller.submitQuote({ id });
}

/** What a refusal says, as `CODE REASON`. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'accepted';
  } catch (error) {
    const { code, reason } = error as { code: string; reason: string };
    return `${code} ${reason}`;
  }
}
