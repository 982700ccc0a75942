import type { Capabilities, OrganisationKind, Partner, PartnerState } from '../domain/partner';

export interface PartnerRow {
  id: string;
  version: number;
  name: string;
  types: string[];
  kind: OrganisationKind;
  state: PartnerState;
  parent_id: string | null;
  relationship_manager_id: string | null;
  country: string;
  city: string;
  website: string;
  tax_id: string;
  capabilities: Capabilities;
  external_id: string | null;
  state_reason: string;
  termination_requested_by: string | null;
  created_at: Date;
  updated_at: Date;
}

export const toPartnerRow = (partner: Partner) => ({
  id: partner.id,
  version: partner.version,
  name: partner.name,
  types: partner.types,
  kind: partner.kind,
  state: partner.state,
  parent_id: partner.parentId,
  relationship_manager_id: partner.relationshipManagerId,
  country: partner.country,
  city: partner.city,
  website: partner.website,
  tax_id: partner.taxId,
  capabilities: partner.capabilities,
  external_id: partner.externalId,
  state_reason: partner.stateReason,
  termination_requested_by: partner.terminationRequestedBy,
  created_at: partner.createdAt,
  updated_at: partner.updatedAt,
});

export const fromPartnerRow = (row: PartnerRow): Partner => ({
  id: row.id,
  version: row.version,
  name: row.name,
  types: row.types,
  kind: row.kind,
  state: row.state,
  parentId: row.parent_id,
  relationshipManagerId: row.relationship_manager_id,
  country: row.country,
  city: row.city,
  website: row.website,
  taxId: row.tax_id,
  capabilities: row.capabilities,
  externalId: row.external_id,
  stateReason: row.state_reason,
  terminationRequestedBy: row.termination_requested_by,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
