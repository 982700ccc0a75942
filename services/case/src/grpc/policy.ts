import { PARTNER_ROLES, type Role } from '@openprm/access';
import type { CaseServiceServer } from '@openprm/contracts/supportcase';
import type { Policy } from '@openprm/grpc';

const READ: Role[] = ['ENTERPRISE_ADMIN', 'ENTERPRISE_EXECUTIVE', 'RELATIONSHIP_MANAGER', 'SUPPORT_AGENT', ...PARTNER_ROLES];
const WORK: Role[] = ['SUPPORT_AGENT', 'RELATIONSHIP_MANAGER', 'ENTERPRISE_ADMIN', ...PARTNER_ROLES];
const LEAD: Role[] = ['ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER'];
const ADMIN: Role[] = ['ENTERPRISE_ADMIN'];
const ENTERPRISE: Role[] = ['ENTERPRISE_ADMIN', 'ENTERPRISE_EXECUTIVE', 'RELATIONSHIP_MANAGER', 'SUPPORT_AGENT'];

/** Who may call at all; which cases they then reach and which moves they may make is decided with the case at hand. */
export const policy: Policy<CaseServiceServer> = {
  createCase: WORK,
  listCases: READ,
  getCase: READ,
  updateCase: WORK,
  getCaseHistory: READ,
  summarizeCases: READ,
  addCaseComment: WORK,
  listCaseComments: READ,
  acceptCase: WORK,
  assignCase: WORK,
  requestCaseInfo: WORK,
  answerCase: WORK,
  resolveCase: WORK,
  closeCase: WORK,
  reopenCase: WORK,
  cancelCase: WORK,
  handOverCase: WORK,
  acceptCaseHandOver: WORK,
  prioritiseCase: WORK,
  excuseCaseBreach: LEAD,
  listCaseCategories: 'SIGNED_IN',
  listCaseGroups: ENTERPRISE,
  saveCaseGroup: ADMIN,
  getRoutingTable: ENTERPRISE,
  saveRoutingTable: ADMIN,
  getServiceLevels: READ,
};
