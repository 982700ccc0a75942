import { PartnerDirectoryServiceClient, type Role, type Partner } from '@openprm/contracts/partnerdirectory';
import { givenService, type TestService } from '@openprm/testing';
import { app } from '../src/app';
import type { Deps } from '../src/deps';
import { ensureEnterprise } from '../src/usecases/ensure-enterprise';

export const ADMIN = 'admin@enterprise.example';

export interface Directory extends TestService<Deps> {
  by(email: string): ReturnType<TestService<Deps>['as']> extends infer _ ? Api : never;
  admin: Api;
}

type Api = ReturnType<typeof apiOf>;
const apiOf = (service: TestService<Deps>, email: string) => service.as(PartnerDirectoryServiceClient, email);

/** The directory with the enterprise and its first admin. */
export async function givenDirectory(): Promise<Directory> {
  const service = await givenService(app({ invitationDays: 7 }));
  await ensureEnterprise(service.service.deps, { name: 'Enterprise', adminEmail: ADMIN }, service.clock.now);
  return { ...service, by: (email) => apiOf(service, email), admin: apiOf(service, ADMIN) };
}

let counter = 0;

export async function givenPartner(directory: Directory, fields: Partial<Partner> = {}): Promise<Partner> {
  const partner = await directory.admin.createPartner({
    partner: { name: `Partner ${++counter}`, types: ['RESELLER'], country: 'DE', ...fields },
  });
  return directory.admin.activatePartner({ id: partner.id });
}

/** A person with an active membership; answers the mail address and the membership's id. */
export async function givenStaff(
  directory: Directory,
  partnerId: string,
  role: Role,
  email = `person${++counter}@partner.example`,
): Promise<{ email: string; id: string; personId: string }> {
  const invited = await directory.admin.inviteStaff({ partnerId, staffMember: { name: `Person ${counter}`, email, role } });
  const member = await directory.by(email).acceptInvitation({ id: invited.id });
  return { email, id: member.id, personId: member.personId };
}
