import { word } from '@openprm/contracts';
import * as directory from '@openprm/contracts/partnerdirectory';
import { on, type EventHandler } from '@openprm/messaging';
import { run, type Tx } from '@openprm/postgres';

const PARTNER_EVENTS = [
  directory.PartnerCreated,
  directory.PartnerUpdated,
  directory.PartnerActivated,
  directory.PartnerSuspended,
  directory.PartnerReinstated,
  directory.PartnerTerminationRequested,
  directory.PartnerTerminated,
  directory.PartnerMoved,
  directory.RelationshipManagerAssigned,
] as const;

const STAFF_EVENTS = [
  directory.StaffInvited,
  directory.StaffActivated,
  directory.StaffChanged,
  directory.StaffSuspended,
  directory.StaffReinstated,
  directory.StaffDeactivated,
] as const;

/** Feeds a service's copies of partners and memberships. An older event never overwrites a newer one. */
export const accessSubscriptions: EventHandler[] = [
  on(PARTNER_EVENTS, (tx, { partner }) => copyPartner(tx, partner!)),
  on(STAFF_EVENTS, (tx, { staffMember }) => copyMembership(tx, staffMember!)),
];

async function copyPartner(tx: Tx, partner: directory.Partner): Promise<void> {
  await run(
    tx,
    `insert into access_partners (id, name, kind, state, parent_id, relationship_manager_id, country, website, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (id) do update set name = excluded.name, kind = excluded.kind, state = excluded.state, parent_id = excluded.parent_id,
       relationship_manager_id = excluded.relationship_manager_id, country = excluded.country, website = excluded.website, version = excluded.version
     where access_partners.version < excluded.version`,
    [
      partner.id,
      partner.name,
      word(directory.OrganisationKind, partner.kind),
      word(directory.PartnerState, partner.state),
      partner.parentId || null,
      partner.relationshipManagerId || null,
      partner.country,
      partner.website,
      Number(partner.etag),
    ],
  );
}

async function copyMembership(tx: Tx, member: directory.StaffMember): Promise<void> {
  await run(
    tx,
    `insert into access_memberships (id, person_id, email, name, partner_id, role, state, include_descendants, created_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (id) do update set person_id = excluded.person_id, email = excluded.email, name = excluded.name, role = excluded.role, state = excluded.state,
       include_descendants = excluded.include_descendants, version = excluded.version
     where access_memberships.version < excluded.version`,
    [
      member.id,
      member.personId,
      member.email.toLowerCase(),
      member.name,
      member.partnerId,
      word(directory.Role, member.role),
      word(directory.MembershipState, member.state),
      member.includeDescendants ?? false,
      member.createTime,
      Number(member.etag),
    ],
  );
}
