import { ENTERPRISE_ROLES, READERS, type Role } from '@openprm/access';
import type { ProgramSegmentServiceServer } from '@openprm/contracts/programsegment';
import type { Policy } from '@openprm/grpc';
import { mayMove } from '../domain/enrolment';

const ADMIN: Role[] = ['ENTERPRISE_ADMIN'];
const RELATION: Role[] = ['ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER'];

/** Who may call at all; what they then reach is their scope. Moves of an enrolment have their roles from the rule. */
export const policy: Policy<ProgramSegmentServiceServer> = {
  createProgram: ADMIN,
  listPrograms: READERS,
  getProgram: READERS,
  listProgramVersions: ENTERPRISE_ROLES,
  updateProgram: ADMIN,
  createProgramVersion: ADMIN,
  publishProgram: ADMIN,
  retireProgram: ADMIN,
  getProgramHistory: ENTERPRISE_ROLES,
  listProgramKinds: 'SIGNED_IN',
  createProgramKind: ADMIN,
  createSegment: ADMIN,
  listSegments: 'SIGNED_IN',
  updateSegment: ADMIN,
  invitePartner: RELATION,
  applyForProgram: ['PARTNER_ADMIN'],
  listEnrolments: READERS,
  getEnrolment: READERS,
  acceptEnrolment: mayMove.accept,
  declineEnrolment: mayMove.decline,
  approveEnrolment: mayMove.approve,
  rejectEnrolment: mayMove.reject,
  suspendEnrolment: mayMove.suspend,
  reinstateEnrolment: mayMove.reinstate,
  terminateEnrolment: mayMove.terminate,
  renewEnrolment: mayMove.renew,
  acceptEnrolmentTerms: mayMove.acceptTerms,
  changeEnrolmentTier: mayMove.changeTier,
  assignEnrolmentSegments: mayMove.assignSegments,
  setEnrolmentOverrides: mayMove.setOverrides,
  getEnrolmentHistory: READERS,
  importEnrolments: ADMIN,
  getPartnership: READERS,
};
