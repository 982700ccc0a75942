import * as directory from '@openprm/contracts/partnerdirectory';
import { ProgramSegmentServiceClient, type Enrolment, type Partnership, type Program } from '@openprm/contracts/programsegment';
import { newId } from '@openprm/postgres';
import { givenService, type TestService } from '@openprm/testing';
import { app } from '../src/app';
import type { Deps } from '../src/deps';

export const ADMIN = 'admin@enterprise.example';
export const EXECUTIVE = 'executive@enterprise.example';
export const MANAGER = 'relationship@enterprise.example';

export interface Programs extends TestService<Deps> {
  by(email: string): Api;
  admin: Api;
  /** Person id of the relationship manager. */
  managerId: string;
}

type Api = ReturnType<typeof apiOf>;
const apiOf = (service: TestService<Deps>, email: string) => service.as(ProgramSegmentServiceClient, email);

/** The service with the enterprise's own people, as the directory's events tell of them. */
export async function givenPrograms(): Promise<Programs> {
  const service = await givenService(app());
  const managerId = newId();
  const programs = { ...service, by: (email: string) => apiOf(service, email), admin: apiOf(service, ADMIN), managerId };
  const enterprise = await givenPartner(programs, { kind: directory.OrganisationKind.INTERNAL, name: 'Enterprise' });
  await givenStaff(programs, enterprise.id, directory.Role.ENTERPRISE_ADMIN, { email: ADMIN });
  await givenStaff(programs, enterprise.id, directory.Role.ENTERPRISE_EXECUTIVE, { email: EXECUTIVE });
  await givenStaff(programs, enterprise.id, directory.Role.RELATIONSHIP_MANAGER, { email: MANAGER, personId: managerId });
  return programs;
}

let counter = 0;

/** A partner as the directory's event tells of it. */
export async function givenPartner(programs: Programs, fields: Partial<directory.Partner> = {}): Promise<directory.Partner> {
  const partner = directory.Partner.fromPartial({
    id: newId(),
    name: `Partner ${++counter}`,
    kind: directory.OrganisationKind.EXTERNAL,
    state: directory.PartnerState.ACTIVE,
    country: 'DE',
    etag: '1',
    createTime: programs.clock.now,
    ...fields,
  });
  await programs.deliver(directory.PartnerCreated, { partner });
  return partner;
}

/** The directory tells that the partner is in another state now. */
export async function givenState(
  programs: Programs,
  partner: directory.Partner,
  state: directory.PartnerState,
): Promise<directory.Partner> {
  const changed = { ...partner, state, etag: String(Number(partner.etag) + 1) };
  await programs.deliver(eventOf[state as keyof typeof eventOf], { partner: changed });
  return changed;
}

const eventOf = {
  [directory.PartnerState.SUSPENDED]: directory.PartnerSuspended,
  [directory.PartnerState.ACTIVE]: directory.PartnerReinstated,
  [directory.PartnerState.TERMINATED]: directory.PartnerTerminated,
};

/** A person with an active membership; answers the mail address. */
export async function givenStaff(
  programs: Programs,
  partnerId: string,
  role: directory.Role,
  fields: { email?: string; personId?: string } = {},
): Promise<string> {
  const email = fields.email ?? `person${++counter}@partner.example`;
  const staffMember = directory.StaffMember.fromPartial({
    id: newId(),
    partnerId,
    personId: fields.personId ?? newId(),
    name: `Person ${counter}`,
    email,
    role,
    state: directory.MembershipState.ACTIVE,
    includeDescendants: role !== directory.Role.PARTNER_ASSOCIATE,
    etag: '1',
    createTime: programs.clock.now,
  });
  await programs.deliver(directory.StaffActivated, { staffMember });
  return email;
}

export const TERMS = '2026-01';

/** A published program that is open for application, with everything else at its default. */
export async function givenProgram(programs: Programs, fields: Partial<Program> = {}): Promise<Program> {
  const program = { name: `Program ${++counter}`, kind: 'RESELLER', openForApplication: true, termsVersion: TERMS, ...fields };
  const { id } = await programs.admin.createProgram({ program: program as Program });
  return programs.admin.publishProgram({ id });
}

export interface Member {
  partner: directory.Partner;
  /** Mail address of the partner's admin. */
  adminEmail: string;
  enrolment: Enrolment;
}

/** A partner with an admin who has accepted an invitation into the program. */
export async function givenMember(
  programs: Programs,
  program: Program,
  tier = '',
  fields: Partial<directory.Partner> = {},
): Promise<Member> {
  const partner = await givenPartner(programs, fields);
  const adminEmail = await givenStaff(programs, partner.id, directory.Role.PARTNER_ADMIN);
  const { id } = await programs.admin.invitePartner({ partnerId: partner.id, programId: program.id, tier });
  const enrolment = await programs.by(adminEmail).acceptEnrolment({ id, acceptedTermsVersion: program.termsVersion });
  return { partner, adminEmail, enrolment };
}

export const partnershipOf = (programs: Programs, partnerId: string): Promise<Partnership> => programs.admin.getPartnership({ partnerId });

/** Types of what was published under a key, oldest first. */
export const eventsOf = async (programs: Programs, key: string): Promise<string[]> =>
  (await programs.outbox()).filter((event) => event.key === key).map((event) => event.type);

/** Makes `count` things one after the other: what a test starts from must not compete for connections. */
export async function inTurn<T>(count: number, make: (at: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let at = 0; at < count; at++) made.push(await make(at));
  return made;
}
