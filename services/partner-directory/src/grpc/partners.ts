import { words } from '@openprm/contracts';
import { hasRole, isEnterprise, type Caller } from '@openprm/access';
import { PartnerState, type Partner as PartnerMessage, type PartnerDirectoryServiceServer } from '@openprm/contracts/partnerdirectory';
import { masked, toHistory, toImportResult, type Call, type Handlers } from '@openprm/grpc';
import { possibleMoves } from '@openprm/moves';
import { toPartnerState, toProfile } from '../contract/from-message';
import { toPartner } from '../contract/to-message';
import { loadPartnerHistory } from '../db/history';
import { listHierarchy, listPartners, loadPartner, type PartnerView } from '../db/partners';
import { addPartnerType, listPartnerTypes } from '../db/partner-types';
import type { Deps } from '../deps';
import { partnerMoves, type Partner, type PartnerMove } from '../domain/partner';
import { assignRelationshipManager } from '../usecases/assign-relationship-manager';
import { createPartner } from '../usecases/create-partner';
import { importPartners } from '../usecases/import-partners';
import { movePartner } from '../usecases/move-partner';
import { movePartnerState } from '../usecases/move-partner-state';
import { updatePartner } from '../usecases/update-partner';
import { manageRelations, readPartners, writeProfiles } from './scopes';

type PartnerHandlers = Pick<
  Handlers<PartnerDirectoryServiceServer>,
  | 'createPartner'
  | 'listPartners'
  | 'getPartner'
  | 'updatePartner'
  | 'activatePartner'
  | 'suspendPartner'
  | 'reinstatePartner'
  | 'requestPartnerTermination'
  | 'terminatePartner'
  | 'movePartner'
  | 'assignRelationshipManager'
  | 'getPartnerHierarchy'
  | 'getPartnerHistory'
  | 'importPartners'
  | 'listPartnerTypes'
  | 'createPartnerType'
>;

export function partnerHandlers(deps: Deps): PartnerHandlers {
  const state =
    (move: PartnerMove) =>
    async (request: { id: string; etag: string; reason: string; note: string }, { caller, command }: Call) =>
      answer(caller, await movePartnerState(deps, command, manageRelations(caller), { ...request, move }));
  return {
    createPartner: async (request, { caller, command }) => {
      const message = request.partner!;
      const input = { profile: toProfile(message), parentId: message.parentId || null, externalId: message.externalId || null };
      return answer(caller, await createPartner(deps, command, manageRelations(caller), input));
    },
    listPartners: async (request, { caller }) => {
      const page = await listPartners(deps.database, readPartners(caller), { ...request, states: words(PartnerState, request.states) });
      return { partners: page.items.map((view) => toView(caller, view)), nextPageToken: page.nextPageToken };
    },
    getPartner: async ({ id }, { caller }) => toView(caller, await loadPartner(deps.database, readPartners(caller), id)),
    updatePartner: async ({ partner, updateMask, etag }, { caller, command }) =>
      answer(caller, await updatePartner(deps, command, writeProfiles(caller), partner!.id, etag, masked(toProfile(partner!), updateMask))),
    activatePartner: state('activate'),
    suspendPartner: state('suspend'),
    reinstatePartner: state('reinstate'),
    requestPartnerTermination: state('requestTermination'),
    terminatePartner: state('terminate'),
    movePartner: async (request, { caller, command }) =>
      answer(caller, await movePartner(deps, command, manageRelations(caller), { ...request, parentId: request.parentId || null })),
    assignRelationshipManager: async (request, { caller, command }) =>
      answer(caller, await assignRelationshipManager(deps, command, manageRelations(caller), request)),
    getPartnerHierarchy: async ({ id }, { caller }) => {
      await loadPartner(deps.database, readPartners(caller), id);
      const nodes = await listHierarchy(deps.database, readPartners(caller), id);
      return { nodes: nodes.map((node) => ({ ...node, parentId: node.parentId ?? '', state: PartnerState[node.state] })) };
    },
    getPartnerHistory: async ({ id }, { caller }) =>
      toHistory(await loadPartnerHistory(deps.database, readPartners(caller), id), isEnterprise(caller)),
    importPartners: async ({ items, validateOnly }, { command }) => {
      const batch = items.map((item) => ({
        externalId: item.externalId,
        profile: toProfile(item.partner!),
        parentId: item.partner!.parentId || null,
        parentExternalId: item.parentExternalId,
        state: toPartnerState(item.state) ?? 'ACTIVE',
      }));
      return { results: (await importPartners(deps, command, batch, validateOnly)).map(toImportResult) };
    },
    listPartnerTypes: async () => ({ partnerTypes: await listPartnerTypes(deps.database) }),
    createPartnerType: async ({ partnerType }) => addPartnerType(deps.database, partnerType!),
  };
}

/** What a write answers: the record as stored. Names of related records come with the next read. */
const answer = (caller: Caller, partner: Partner): PartnerMessage =>
  toView(caller, { partner, parentName: '', relationshipManagerName: '' });

/** Partners read no reasons; the moves are those that state, table and roles allow this caller. */
function toView(caller: Caller, view: PartnerView): PartnerMessage {
  const { partner } = view;
  const stateReason = isEnterprise(caller) ? partner.stateReason : '';
  return { ...toPartner(view), stateReason, moves: partner.kind === 'INTERNAL' ? [] : movesFor(caller, partner) };
}

function movesFor(caller: Caller, partner: Partner): string[] {
  if (!hasRole(caller, 'ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER')) return [];
  const admin = hasRole(caller, 'ENTERPRISE_ADMIN');
  const moves: string[] = possibleMoves(partnerMoves, partner.state).filter((move) => {
    if (move === 'terminate') return admin && partner.terminationRequestedBy !== null && partner.terminationRequestedBy !== caller.personId;
    return move === 'requestTermination' ? admin && partner.terminationRequestedBy === null : true;
  });
  return admin && partner.state !== 'TERMINATED' ? [...moves, 'move', 'assignRelationshipManager'] : moves;
}
