import { READERS, type Role } from '@openprm/access';
import type { DealRegistrationServiceServer } from '@openprm/contracts/dealregistration';
import type { Policy } from '@openprm/grpc';

const ADMIN: Role[] = ['ENTERPRISE_ADMIN'];
const REVIEW: Role[] = ['ENTERPRISE_ADMIN', 'DEAL_DESK', 'RELATIONSHIP_MANAGER'];
const JUDGE: Role[] = ['APPROVER', ...REVIEW];
const STAFF: Role[] = ['PARTNER_MANAGER', 'PARTNER_ASSOCIATE'];
const REGISTER: Role[] = [...REVIEW, ...STAFF];
const CONVERT: Role[] = [...REVIEW, 'PARTNER_MANAGER'];

/** Who may call at all; what they may do with one deal follows from their standing to it, see domain/authority.ts. */
export const policy: Policy<DealRegistrationServiceServer> = {
  createDeal: REGISTER,
  listDeals: READERS,
  getDeal: READERS,
  updateDeal: REGISTER,
  deleteDeal: REGISTER,
  submitDeal: REGISTER,
  takeDeal: REVIEW,
  requestDealInfo: JUDGE,
  answerDealInfo: REGISTER,
  decideDealConflict: JUDGE,
  approveDeal: JUDGE,
  rejectDeal: JUDGE,
  withdrawDeal: REGISTER,
  convertDeal: CONVERT,
  requestDealRevocation: ADMIN,
  revokeDeal: ADMIN,
  resubmitDeal: REGISTER,
  getDealHistory: READERS,
  checkDealConflict: REGISTER,
  importDeals: ADMIN,
  summarizeDeals: READERS,
  listDealTypes: 'SIGNED_IN',
  listSellingModels: 'SIGNED_IN',
  createOpportunity: REVIEW,
  listOpportunities: READERS,
  getOpportunity: READERS,
  updateOpportunity: REGISTER,
  changeOpportunityStage: REGISTER,
  winOpportunity: REGISTER,
  loseOpportunity: REGISTER,
  reopenOpportunity: ['ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER'],
  setOpportunityPartners: CONVERT,
  getOpportunityHistory: READERS,
  summarizeOpportunities: READERS,
};
