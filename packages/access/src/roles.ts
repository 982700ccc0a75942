/** Roles of a partner's staff. */
export const PARTNER_ROLES = ['PARTNER_ASSOCIATE', 'PARTNER_MANAGER', 'PARTNER_ADMIN'] as const;

/** Roles of the enterprise's staff. */
export const ENTERPRISE_ROLES = [
  'ENTERPRISE_ADMIN',
  'ENTERPRISE_EXECUTIVE',
  'RELATIONSHIP_MANAGER',
  'DEAL_DESK',
  'ORDER_DESK',
  'SUPPORT_AGENT',
  'APPROVER',
] as const;

export type PartnerRole = (typeof PARTNER_ROLES)[number];
export type EnterpriseRole = (typeof ENTERPRISE_ROLES)[number];
export type Role = PartnerRole | EnterpriseRole;

export const isEnterpriseRole = (role: Role): role is EnterpriseRole => (ENTERPRISE_ROLES as readonly string[]).includes(role);
