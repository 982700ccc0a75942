import * as contract from '@openprm/contracts/partnerdirectory';
import { toOutboxRow } from '@openprm/messaging';
import type { OutboxRow } from '@openprm/postgres';
import type { Customer, CustomerEvent } from '../domain/customer';
import type { Partner, PartnerEvent } from '../domain/partner';
import type { StaffEvent, StaffMember } from '../domain/staff';
import { toCustomer, toPartner, toStaffMember } from '../contract/to-message';

interface Making {
  now: Date;
  newId: () => string;
}

/** A domain event as integrators read it: the record as it is now, in the enterprise's view. */
export function partnerEvent(partner: Partner, event: PartnerEvent, making: Making): OutboxRow {
  const view = { partner, parentName: '', relationshipManagerName: '' };
  const audience = [partner.id, ...(partner.parentId ? [partner.parentId] : [])];
  const message = { partner: { ...toPartner(view), stateReason: partner.stateReason } };
  if (event.type === 'PartnerMoved') {
    const moved = { ...message, previousParentId: event.previousParentId ?? '', effectiveDate: event.effectiveDate };
    return toOutboxRow(contract.PartnerMoved, moved, { audience, ...making });
  }
  return toOutboxRow(contract[event.type], message, { audience, ...making });
}

export const staffEvent = (member: StaffMember, event: StaffEvent, making: Making): OutboxRow =>
  toOutboxRow(
    contract[event.type],
    { staffMember: toStaffMember({ member, partnerName: '' }) },
    { audience: [member.partnerId], ...making },
  );

export const customerEvent = (customer: Customer, event: CustomerEvent, making: Making): OutboxRow =>
  toOutboxRow(
    contract[event.type],
    { customer: toCustomer(customer) },
    { audience: customer.partnerId ? [customer.partnerId] : [], ...making },
  );
