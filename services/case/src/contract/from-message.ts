import { word } from '@openprm/contracts';
import * as contract from '@openprm/contracts/supportcase';
import type { CaseContent } from '../domain/case';
import type { CaseRequest } from '../domain/open-case';

export const toContent = (message: contract.Case): CaseContent => ({
  subject: message.subject,
  description: message.description,
  contactName: message.contactName,
  contactEmail: message.contactEmail,
  category: message.category,
  productFamily: message.productFamily,
  language: message.language || 'en',
});

/** A case to be opened, with what goes without saying. */
export const toRequest = (message: contract.Case): CaseRequest => ({
  ...toContent(message),
  partnerId: message.partnerId,
  onBehalfOf: word(contract.OnBehalfOf, message.onBehalfOf) ?? (message.customerId ? 'END_CUSTOMER' : 'ORGANISATION'),
  customerId: message.customerId || null,
  openedByCustomer: message.openedByCustomer,
  channel: word(contract.Channel, message.channel) ?? 'PORTAL',
  sellingModel: word(contract.SellingModel, message.sellingModel) ?? null,
  dealId: message.dealId || null,
  orderId: message.orderId || null,
  followsCaseId: message.followsCaseId || null,
  priority: word(contract.Priority, message.priority) ?? 'P3',
});
