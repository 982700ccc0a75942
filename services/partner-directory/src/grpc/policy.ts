import { READERS, type Role } from '@openprm/access';
import type { PartnerDirectoryServiceServer } from '@openprm/contracts/partnerdirectory';
import type { Policy } from '@openprm/grpc';

const ADMIN: Role[] = ['ENTERPRISE_ADMIN'];
const RELATION: Role[] = ['ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER'];
const PROFILE: Role[] = ['ENTERPRISE_ADMIN', 'RELATIONSHIP_MANAGER', 'PARTNER_ADMIN'];
const STAFF: Role[] = ['ENTERPRISE_ADMIN', 'PARTNER_ADMIN'];
const CUSTOMERS: Role[] = [
  'ENTERPRISE_ADMIN',
  'RELATIONSHIP_MANAGER',
  'DEAL_DESK',
  'PARTNER_ADMIN',
  'PARTNER_MANAGER',
  'PARTNER_ASSOCIATE',
];

/** Who may call at all; what they then reach is their scope. */
export const policy: Policy<PartnerDirectoryServiceServer> = {
  getMe: 'SIGNED_IN',
  createPartner: RELATION,
  listPartners: READERS,
  getPartner: READERS,
  updatePartner: PROFILE,
  activatePartner: RELATION,
  suspendPartner: RELATION,
  reinstatePartner: RELATION,
  requestPartnerTermination: ADMIN,
  terminatePartner: ADMIN,
  movePartner: ADMIN,
  assignRelationshipManager: ADMIN,
  getPartnerHierarchy: READERS,
  getPartnerHistory: READERS,
  importPartners: ADMIN,
  listPartnerTypes: 'SIGNED_IN',
  createPartnerType: ADMIN,
  inviteStaff: STAFF,
  listStaff: READERS,
  getStaffMember: 'SIGNED_IN',
  updateStaffMember: STAFF,
  acceptInvitation: 'SIGNED_IN',
  suspendStaffMember: STAFF,
  reinstateStaffMember: STAFF,
  deactivateStaffMember: STAFF,
  importStaff: ADMIN,
  createCustomer: CUSTOMERS,
  listCustomers: READERS,
  getCustomer: READERS,
  updateCustomer: CUSTOMERS,
  importCustomers: ADMIN,
};
