import * as contract from '@openprm/contracts/programsegment';
import { toOutboxRow } from '@openprm/messaging';
import type { OutboxRow } from '@openprm/postgres';
import { toEnrolment, toPartnership } from '../contract/enrolments';
import { toProgram, toSegment } from '../contract/programs';
import type { EnrolmentView } from '../db/enrolments';
import type { EnrolmentEvent } from '../domain/enrolment';
import type { Partnership } from '../domain/partnership';
import type { Program, ProgramEvent } from '../domain/program';
import type { SegmentDecision } from '../domain/segment';

interface Making {
  now: Date;
  newId: () => string;
}

/** Definitions are the enterprise's to hear of; partners hear of what becomes of their enrolments. */
const ENTERPRISE: string[] = [];

/** Domain events as integrators read them: the record as it is now, in the enterprise's view. */
export function programEvent(program: Program, event: ProgramEvent, making: Making): OutboxRow {
  const message = { program: toProgram(program) };
  const options = { audience: ENTERPRISE, ...making };
  if (event.type === 'ProgramPublished')
    return toOutboxRow(contract.ProgramPublished, { ...message, migrateEnrolments: event.migrateEnrolments }, options);
  if (event.type === 'ProgramRetired') return toOutboxRow(contract.ProgramRetired, { ...message, reason: event.reason }, options);
  return toOutboxRow(contract[event.type], message, options);
}

export const segmentEvent = ({ segment, event }: SegmentDecision, making: Making): OutboxRow =>
  toOutboxRow(contract[event.type], { segment: toSegment(segment) }, { audience: ENTERPRISE, ...making });

export function enrolmentEvent(view: EnrolmentView, event: EnrolmentEvent, making: Making): OutboxRow {
  const message = { enrolment: toEnrolment(view) };
  const options = { audience: [view.enrolment.partnerId], ...making };
  switch (event.type) {
    case 'EnrolmentTierChanged':
      return toOutboxRow(contract.EnrolmentTierChanged, { ...message, previousTier: event.previousTier, reason: event.reason }, options);
    case 'EnrolmentSegmentsAssigned':
      return toOutboxRow(contract.EnrolmentSegmentsAssigned, { ...message, previousSegments: event.previousSegments }, options);
    case 'EnrolmentMigrated':
      return toOutboxRow(contract.EnrolmentMigrated, { ...message, previousVersion: event.previousVersion }, options);
    default:
      return toOutboxRow(contract[event.type], message, options);
  }
}

export const partnershipEvent = (partnership: Partnership, making: Making): OutboxRow =>
  toOutboxRow(contract.PartnershipChanged, { partnership: toPartnership(partnership) }, { audience: [partnership.partner.id], ...making });
