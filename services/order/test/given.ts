import * as deals from '@openprm/contracts/dealregistration';
import { OrderServiceClient } from '@openprm/contracts/order';
import * as directory from '@openprm/contracts/partnerdirectory';
import * as programs from '@openprm/contracts/programsegment';
import * as quoting from '@openprm/contracts/quoting';
import { newId } from '@openprm/postgres';
import { givenService, type TestService } from '@openprm/testing';
import { app } from '../src/app';
import type { Deps } from '../src/deps';
import { defaultSettings } from '../src/domain/settings';

const apiOf = (service: TestService<Deps>, email: string) => service.as(OrderServiceClient, email);
export type Api = ReturnType<typeof apiOf>;

export interface Orders extends TestService<Deps> {
  by(email: string): Api;
  /** The order desk. */
  desk: Api;
  admin: Api;
  executive: Api;
}

export const usd = (units: number) => ({ currencyCode: 'USD', units: BigInt(units), nanos: 0 });

const OLD = new Date('2025-01-01T00:00:00Z');

/** The service with the enterprise's people, who joined long ago. */
export async function givenOrders(): Promise<Orders> {
  const service = await givenService(app(defaultSettings));
  const enterprise = newId();
  const people = [
    ['admin@enterprise.example', directory.Role.ENTERPRISE_ADMIN],
    ['desk@enterprise.example', directory.Role.ORDER_DESK],
    ['executive@enterprise.example', directory.Role.ENTERPRISE_EXECUTIVE],
  ] as const;
  await partnerEvent(service, { id: enterprise, name: 'Enterprise', kind: directory.OrganisationKind.INTERNAL });
  for (const [email, role] of people) await givenStaff(service, enterprise, role, email);
  const by = (email: string) => apiOf(service, email);
  return { ...service, by, admin: by(people[0][0]), desk: by(people[1][0]), executive: by(people[2][0]) };
}

const partnerEvent = (service: TestService<Deps>, fields: Partial<directory.Partner>) =>
  service.deliver(directory.PartnerActivated, {
    partner: directory.Partner.fromPartial({
      kind: directory.OrganisationKind.EXTERNAL,
      state: directory.PartnerState.ACTIVE,
      country: 'US',
      etag: '2',
      ...fields,
    }),
  });

let counter = 0;

/** An active, enrolled Gold partner with the whole catalog, unless said otherwise. */
export async function givenPartner(
  service: Orders,
  fields: Partial<directory.Partner> = {},
  enrolment: { tier?: string; scope?: string; state?: programs.EnrolmentState } = {},
): Promise<string> {
  const id = newId();
  await partnerEvent(service, { id, name: `Partner ${++counter}`, ...fields });
  await givenPartnership(service, id, enrolment);
  return id;
}

export const givenPartnership = (
  service: Orders,
  partnerId: string,
  { tier = 'GOLD', scope = 'full', state = programs.EnrolmentState.ACTIVE, version = 1n } = {},
) =>
  service.deliver(programs.PartnershipChanged, {
    partnership: programs.Partnership.fromPartial({
      partnerId,
      enrolments: [{ enrolmentId: newId(), state, tier, tierRank: 3 }],
      entitlements: { 'catalog.scope': scope, 'quote.maxDiscountPct': '10' },
      version,
    }),
  });

export const changePartner = (service: Orders, id: string, state: directory.PartnerState, etag = '3') =>
  partnerEvent(service, { id, name: 'Changed', state, etag });

/** A person who joined long ago; answers the mail address. */
export async function givenStaff(
  service: TestService<Deps>,
  partnerId: string,
  role: directory.Role,
  email = `person${++counter}@partner.example`,
  createTime = OLD,
): Promise<string> {
  const staffMember = directory.StaffMember.fromPartial({
    id: newId(),
    personId: newId(),
    name: email.split('@')[0]!,
    email,
    partnerId,
    role,
    state: directory.MembershipState.ACTIVE,
    includeDescendants: role !== directory.Role.PARTNER_ASSOCIATE,
    etag: '1',
    createTime,
  });
  await service.deliver(directory.StaffActivated, { staffMember });
  return email;
}

export async function givenCustomer(service: Orders, fields: Partial<directory.Customer> = {}): Promise<string> {
  const id = newId();
  const customer = directory.Customer.fromPartial({
    id,
    name: `Customer ${++counter}`,
    country: 'US',
    city: 'Boston',
    taxId: '12-3456789',
    website: 'https://www.customer.example',
    etag: '1',
    ...fields,
  });
  await service.deliver(directory.CustomerCreated, { customer });
  return id;
}

export interface Line {
  amount: number;
  partnerId?: string;
  productId?: string;
  quantity?: number;
  discountBasisPoints?: number;
  shared?: boolean;
}

export interface QuoteInput {
  partnerId: string;
  customerId: string;
  lines?: Line[];
  fields?: Partial<quoting.Quote>;
}

/** A quote as quoting publishes it, accepted unless said otherwise. */
export async function givenQuote(
  service: Orders,
  { partnerId, customerId, lines = [{ amount: 1_000 }], fields = {} }: QuoteInput,
): Promise<string> {
  const id = newId();
  const total = usd(lines.reduce((sum, line) => sum + line.amount, 0));
  const quote = quoting.Quote.fromPartial({
    id,
    number: `QU-${++counter}`,
    partnerId,
    customerId,
    currency: 'USD',
    state: quoting.QuoteState.ACCEPTED,
    validUntil: new Date('2026-03-31T23:59:59.999Z'),
    totals: { netAmount: total },
    lines: lines.map((line) => ({
      id: newId(),
      productId: line.productId ?? '0190e000-0000-7000-8000-00000000000e',
      productName: 'GTX Pro',
      family: 'GTX',
      quantity: line.quantity ?? 1,
      linePartnerId: line.partnerId ?? partnerId,
      netAmount: usd(line.amount),
      discountBasisPoints: line.discountBasisPoints ?? 0,
      shared: line.shared ?? false,
    })),
    etag: '5',
    ...fields,
  });
  await service.deliver(quoting.QuoteAccepted, { quote });
  return id;
}

export const givenDeal = async (service: Orders, fields: Parameters<typeof deals.Deal.fromPartial>[0]): Promise<string> => {
  const id = newId();
  await service.deliver(deals.DealApproved, { deal: deals.Deal.fromPartial({ id, etag: '3', ...fields }) });
  return id;
};

export interface Seller {
  partnerId: string;
  customerId: string;
  email: string;
  api: Api;
}

/** A partner with a seller and a customer, and with three delivered orders behind it, so that no rule asks for a review. */
export async function givenSeller(
  service: Orders,
  role = directory.Role.PARTNER_ASSOCIATE,
  fields: Partial<directory.Partner> = {},
): Promise<Seller> {
  const partnerId = await givenPartner(service, fields);
  const customerId = await givenCustomer(service);
  const email = await givenStaff(service, partnerId, role);
  const past = [0, 1, 2].map((n) => ({
    ...importItem(`past:${partnerId}:${n}`, partnerId, customerId, 1_000),
    orderTime: new Date('2025-03-01T00:00:00Z'),
  }));
  await service.admin.importOrders({ items: past });
  return { partnerId, customerId, email, api: service.by(email) };
}

export const importItem = (externalId: string, partnerId: string, customerId: string, amount: number) => ({
  externalId,
  source: 'crm',
  partnerId,
  customerId,
  currencyCode: 'USD',
  lines: [{ productName: 'GTX Pro', quantity: 1n, amount: usd(amount) }],
  state: 'ORDER_STATE_FULFILLED' as never,
});

/** An order that waits for the order desk: the partner's first. */
export async function givenOrderUnderReview(service: Orders) {
  const partnerId = await givenPartner(service);
  const customerId = await givenCustomer(service);
  const email = await givenStaff(service, partnerId, directory.Role.PARTNER_ASSOCIATE);
  const quoteId = await givenQuote(service, { partnerId, customerId });
  const api = service.by(email);
  return { partnerId, customerId, email, api, order: await api.createOrder({ quoteId, submit: true }) };
}
