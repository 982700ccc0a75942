import { ENTERPRISE_ROLES, READERS, type Role } from '@openprm/access';
import type { QuotingServiceServer } from '@openprm/contracts/quoting';
import type { Policy } from '@openprm/grpc';

const ADMIN: Role[] = ['ENTERPRISE_ADMIN'];
const ENTERPRISE: Role[] = [...ENTERPRISE_ROLES];
/** The partner's admin reads quotes; selling is for its managers and associates. */
const SELLERS: Role[] = ['ENTERPRISE_ADMIN', 'DEAL_DESK', 'RELATIONSHIP_MANAGER', 'PARTNER_MANAGER', 'PARTNER_ASSOCIATE'];
const APPROVERS: Role[] = ['ENTERPRISE_ADMIN', 'DEAL_DESK', 'APPROVER', 'RELATIONSHIP_MANAGER'];

/** Who may call at all; what they then reach is their scope. */
export const policy: Policy<QuotingServiceServer> = {
  createProduct: ADMIN,
  listProducts: READERS,
  getProduct: READERS,
  updateProduct: ADMIN,
  retireProduct: ADMIN,
  importProducts: ADMIN,
  createProductFamily: ADMIN,
  listProductFamilies: READERS,
  updateProductFamily: ADMIN,
  createPriceBook: ADMIN,
  listPriceBooks: ENTERPRISE,
  getPriceBook: ENTERPRISE,
  updatePriceBook: ADMIN,
  setPriceBookEntries: ADMIN,
  listPriceBookEntries: ENTERPRISE,
  createQuote: SELLERS,
  listQuotes: READERS,
  getQuote: READERS,
  updateQuote: SELLERS,
  updateQuoteLine: SELLERS,
  shareQuoteLine: SELLERS,
  confirmQuoteLines: SELLERS,
  refuseQuoteLines: SELLERS,
  priceQuote: SELLERS,
  submitQuote: SELLERS,
  previewQuoteApproval: READERS,
  approveQuote: APPROVERS,
  rejectQuote: APPROVERS,
  recallQuote: SELLERS,
  presentQuote: SELLERS,
  acceptQuote: SELLERS,
  declineQuote: SELLERS,
  reviseQuote: SELLERS,
  cancelQuote: SELLERS,
  getQuoteHistory: READERS,
  importQuotes: ADMIN,
  summarizeQuotes: READERS,
};
