import { words } from '@openprm/contracts';
import { hasRole, isEnterprise, type Caller, type Scope } from '@openprm/access';
import { MembershipState, type PartnerDirectoryServiceServer, type StaffMember as StaffMessage } from '@openprm/contracts/partnerdirectory';
import { toImportResult, type Call, type Handlers } from '@openprm/grpc';
import { possibleMoves } from '@openprm/moves';
import { toRole } from '../contract/from-message';
import { toStaffMember } from '../contract/to-message';
import { loadPartner } from '../db/partners';
import { listMemberships, listStaff, loadStaffMember, type StaffView } from '../db/staff';
import type { Deps } from '../deps';
import { staffMoves, type StaffMember, type StaffMove } from '../domain/staff';
import { importStaff } from '../usecases/import-staff';
import { inviteStaff } from '../usecases/invite-staff';
import { moveStaff, updateStaff } from '../usecases/move-staff';
import { manageStaff, readPartners } from './scopes';

type StaffHandlers = Pick<
  Handlers<PartnerDirectoryServiceServer>,
  | 'getMe'
  | 'inviteStaff'
  | 'listStaff'
  | 'getStaffMember'
  | 'updateStaffMember'
  | 'acceptInvitation'
  | 'suspendStaffMember'
  | 'reinstateStaffMember'
  | 'deactivateStaffMember'
  | 'importStaff'
>;

const NOWHERE: Scope = { all: false, orgs: [], roots: [] };

export function staffHandlers(deps: Deps): StaffHandlers {
  const moving =
    (move: StaffMove) =>
    async (request: { id: string; etag: string; reason: string }, { caller, command }: Call) => {
      // Anybody may accept an invitation addressed to them; everything else is for those who manage staff.
      const scope = move === 'accept' && !hasRole(caller, 'ENTERPRISE_ADMIN') ? NOWHERE : manageStaff(caller);
      const email = move === 'accept' ? caller.principal : '';
      return full(caller, await moveStaff(deps, command, scope, { ...request, email }, move, request.reason));
    };
  return {
    getMe: async (_request, { caller }) => {
      const views = await listMemberships(deps.database, caller.principal);
      const messages = views.map((view) => ({ ...toStaffMember(view), moves: view.member.state === 'INVITED' ? ['accept'] : [] }));
      return {
        personId: caller.personId || (messages[0]?.personId ?? ''),
        name: messages[0]?.name ?? caller.name,
        email: caller.principal,
        memberships: messages.filter((each) => each.state === MembershipState.ACTIVE),
        invitations: messages.filter((each) => each.state === MembershipState.INVITED),
      };
    },
    inviteStaff: async ({ partnerId, staffMember }, { caller, command }) => {
      const { name, email, role, includeDescendants } = staffMember!;
      return full(
        caller,
        await inviteStaff(deps, command, manageStaff(caller), { partnerId, name, email, role: toRole(role), includeDescendants }),
      );
    },
    listStaff: async (request, { caller }) => {
      await loadPartner(deps.database, readPartners(caller), request.partnerId);
      const scope: Scope = request.includeDescendants
        ? { all: false, orgs: [], roots: [request.partnerId] }
        : { all: false, orgs: [request.partnerId], roots: [] };
      const page = await listStaff(deps.database, scope, { ...request, states: words(MembershipState, request.states) });
      return { staff: page.items.map((view) => toView(caller, view)), nextPageToken: page.nextPageToken };
    },
    getStaffMember: async ({ id }, { caller }) =>
      toView(caller, await loadStaffMember(deps.database, readPartners(caller), caller.principal, id)),
    updateStaffMember: async ({ staffMember, updateMask, etag }, { caller, command }) => {
      const { id, name, role, includeDescendants } = staffMember!;
      const named = (path: string): boolean => !updateMask?.length || updateMask.includes(path);
      const change = {
        ...(named('name') && { name }),
        ...(named('role') && { role: toRole(role) }),
        ...(named('include_descendants') && { includeDescendants }),
      };
      return full(caller, await updateStaff(deps, command, manageStaff(caller), { id, etag, email: '' }, change));
    },
    acceptInvitation: moving('accept'),
    suspendStaffMember: moving('suspend'),
    reinstateStaffMember: moving('reinstate'),
    deactivateStaffMember: moving('deactivate'),
    importStaff: async ({ items, validateOnly }, { command }) => {
      const batch = items.map(({ externalId, partnerId, staffMember }) => {
        const { name, email, role, includeDescendants } = staffMember!;
        return { externalId, partnerId, name, email, role: toRole(role), includeDescendants };
      });
      return { results: (await importStaff(deps, command, batch, validateOnly)).map(toImportResult) };
    },
  };
}

const full = (caller: Caller, member: StaffMember): StaffMessage => ({
  ...toStaffMember({ member, partnerName: '' }),
  moves: movesFor(caller, member),
});

/** Who does not manage staff sees names and roles. */
function toView(caller: Caller, view: StaffView): StaffMessage {
  const message = toStaffMember(view);
  const self = view.member.email === caller.principal;
  if (self || isEnterprise(caller) || hasRole(caller, 'PARTNER_ADMIN')) return { ...message, moves: movesFor(caller, view.member) };
  return { ...message, email: '', externalId: '', invitationExpireTime: undefined };
}

function movesFor(caller: Caller, member: StaffMember): string[] {
  const own = member.email === caller.principal;
  const manages = hasRole(caller, 'ENTERPRISE_ADMIN', 'PARTNER_ADMIN');
  return possibleMoves(staffMoves, member.state).filter((move) =>
    move === 'accept' ? own || hasRole(caller, 'ENTERPRISE_ADMIN') : manages,
  );
}
