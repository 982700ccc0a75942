import { DealConverted, type SellingModel } from '@openprm/contracts/dealregistration';
import {
  CustomerCreated,
  MembershipState,
  OrganisationKind,
  PartnerActivated,
  PartnerState,
  type RelationOwner,
  Role,
  StaffActivated,
  type Partner,
  type StaffMember,
} from '@openprm/contracts/partnerdirectory';
import { PartnershipChanged } from '@openprm/contracts/programsegment';
import { CaseServiceClient, OnBehalfOf, type Case } from '@openprm/contracts/supportcase';
import { newId } from '@openprm/postgres';
import { givenService, type TestService } from '@openprm/testing';
import { app } from '../src/app';
import type { Deps } from '../src/deps';

export interface Cases extends TestService<Deps> {
  by(email: string): Api;
  enterpriseId: string;
}

type Api = ReturnType<typeof apiOf>;
const apiOf = (service: TestService<Deps>, email: string) => service.as(CaseServiceClient, email);

export const ADMIN = 'admin@enterprise.example';
export const AGENT = 'agent@enterprise.example';

/** The service with the enterprise, an admin and a support agent. 2 March 2026, 10:00 UTC, is a Monday. */
export async function givenCases(): Promise<Cases> {
  const service = await givenService(app);
  const enterpriseId = newId();
  const cases: Cases = { ...service, by: (email) => apiOf(service, email), enterpriseId };
  await service.deliver(PartnerActivated, {
    partner: partnerMessage({ id: enterpriseId, name: 'Enterprise', kind: OrganisationKind.INTERNAL }),
  });
  await givenStaff(cases, enterpriseId, Role.ENTERPRISE_ADMIN, ADMIN);
  await givenStaff(cases, enterpriseId, Role.SUPPORT_AGENT, AGENT);
  return cases;
}

const partnerMessage = (fields: Partial<Partner>): Partner => ({
  id: newId(),
  name: 'Partner',
  types: ['RESELLER'],
  kind: OrganisationKind.EXTERNAL,
  state: PartnerState.ACTIVE,
  parentId: '',
  country: 'DE',
  city: '',
  website: '',
  taxId: '',
  capabilities: undefined,
  relationshipManagerId: '',
  relationshipManagerName: '',
  externalId: '',
  parentName: '',
  moves: [],
  stateReason: '',
  etag: '1',
  createTime: new Date(),
  updateTime: new Date(),
  ...fields,
});

export async function givenPartner(cases: Cases, fields: Partial<Partner> = {}): Promise<string> {
  const partner = partnerMessage(fields);
  await cases.deliver(PartnerActivated, { partner });
  return partner.id;
}

let counter = 0;

/** A person with an active membership. */
export async function givenStaff(
  cases: Cases,
  partnerId: string,
  role: Role,
  email = `person${++counter}@partner.example`,
): Promise<{ email: string; personId: string; api: Api }> {
  const staffMember: StaffMember = {
    id: newId(),
    partnerId,
    personId: newId(),
    name: email.split('@')[0]!,
    email,
    role,
    state: MembershipState.ACTIVE,
    includeDescendants: role === Role.PARTNER_MANAGER,
    externalId: '',
    invitationExpireTime: undefined,
    partnerName: '',
    moves: [],
    etag: '1',
    createTime: new Date(),
    updateTime: new Date(),
  };
  await cases.deliver(StaffActivated, { staffMember });
  return { email, personId: staffMember.personId, api: cases.by(email) };
}

/** A partner with an associate. */
export async function givenAssociate(cases: Cases, fields: Partial<Partner> = {}) {
  const partnerId = await givenPartner(cases, fields);
  return { partnerId, ...(await givenStaff(cases, partnerId, Role.PARTNER_ASSOCIATE)) };
}

export async function givenCustomer(cases: Cases, partnerId: string, relationOwner: RelationOwner): Promise<string> {
  const id = newId();
  await cases.deliver(
    CustomerCreated,
    CustomerCreated.fromJSON({ customer: { id, name: `Customer ${++counter}`, country: 'DE', partnerId, relationOwner, etag: '1' } }),
  );
  return id;
}

export async function givenSupport(cases: Cases, partnerId: string, level: string, version = 1): Promise<void> {
  await cases.deliver(
    PartnershipChanged,
    PartnershipChanged.fromJSON({ partnership: { partnerId, entitlements: { 'support.level': level }, version } }),
  );
}

export async function givenDeal(cases: Cases, partnerId: string, sellingModel: SellingModel): Promise<string> {
  const id = newId();
  await cases.deliver(DealConverted, DealConverted.fromJSON({ deal: { id, partnerId, sellingModel, etag: '3' } }));
  return id;
}

/** A case about licensing, P3, for the partner itself unless said otherwise. */
export const givenCase = (api: Api, fields: Partial<Case> = {}): Promise<Case> =>
  api.createCase({ case: { subject: 'How many seats?', category: 'LICENSING', ...fields } });

export const forCustomer = (customerId: string): Partial<Case> => ({ onBehalfOf: OnBehalfOf.END_CUSTOMER, customerId });

/** Moves the test's clock. */
export function at(cases: Cases, time: string): void {
  cases.clock.now = new Date(`2026-${time}:00Z`);
}

export const eventsOf = async (cases: Cases, id: string): Promise<string[]> =>
  (await cases.outbox()).filter((event) => event.key === id).map((event) => event.type);
