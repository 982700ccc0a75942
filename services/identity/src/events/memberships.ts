import {
  MembershipState,
  StaffActivated,
  StaffChanged,
  StaffDeactivated,
  StaffInvited,
  StaffReinstated,
  StaffSuspended,
  type StaffMember,
} from '@openprm/contracts/partnerdirectory';
import { on, type EventHandler } from '@openprm/messaging';
import { keepMembership } from '../db/accounts';
import type { Membership } from '../domain/membership';
import { normaliseEmail } from '../domain/principal';

const EVENTS = [StaffInvited, StaffActivated, StaffChanged, StaffSuspended, StaffReinstated, StaffDeactivated] as const;

/** Who is invited can sign in at once; who leaves the last organisation no longer can. */
export const onMembership = (): EventHandler =>
  on(EVENTS, async (tx, { staffMember }) => {
    if (staffMember) await keepMembership(tx, toMembership(staffMember));
  });

const toMembership = (member: StaffMember): Membership => ({
  id: member.id,
  personId: member.personId,
  email: normaliseEmail(member.email),
  name: member.name,
  state: Object.entries(MembershipState).find(([, value]) => value === member.state)?.[0] ?? 'UNSPECIFIED',
  version: Number(member.etag),
});
