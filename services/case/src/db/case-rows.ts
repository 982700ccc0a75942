import type { Case, CaseComment, CaseState, Channel, CommentStream, HandOver, Side } from '../domain/case';
import type { Clock } from '../domain/clock';
import type { Priority, QueueOwner, SellingModel, SupportLevel } from '../domain/configuration';
import type { OnBehalfOf } from '../domain/queue';

export interface CaseRow {
  id: string;
  version: number;
  number: string;
  partner_id: string;
  state: CaseState;
  on_behalf_of: OnBehalfOf;
  customer_id: string | null;
  opened_by_customer: boolean;
  channel: Channel;
  selling_model: SellingModel | null;
  deal_id: string | null;
  order_id: string | null;
  follows_case_id: string | null;
  subject: string;
  description: string;
  contact_name: string;
  contact_email: string;
  category: string;
  product_family: string;
  language: string;
  priority: Priority;
  support_level: SupportLevel;
  queue_owner: QueueOwner;
  partner_sees: boolean;
  parent_sees: boolean;
  partner_may_refer: boolean;
  parent_group: string;
  calendar: string;
  holder_side: Side;
  holder_group: string | null;
  holder_person_id: string | null;
  holder_person_name: string;
  hand_over: Stored<HandOver> | null;
  requester_side: Side;
  opened_by: string | null;
  opened_by_name: string;
  opened_by_side: Side;
  clocks: Stored<Clock>[];
  info_requested_at: Date | null;
  info_due_at: Date | null;
  reminders: number;
  reopen_count: number;
  resolution_code: string;
  resolution_text: string;
  resolved_at: Date | null;
  closed_at: Date | null;
  satisfaction: number;
  dedicated_until: Date | null;
  created_at: Date;
  updated_at: Date;
}

/** Inside jsonb a time is text. */
type Stored<T> = {
  [K in keyof T]: T[K] extends Date
    ? string
    : T[K] extends Date | null
      ? string | null
      : T[K] extends (infer Item)[]
        ? Item extends object
          ? Stored<Item>[]
          : Item[]
        : T[K];
};

/** The row of a case; `nextCheckAt` is when the timer has to look at it next. */
export const toCaseRow = (subject: Case, nextCheckAt: Date | null) => ({
  id: subject.id,
  version: subject.version,
  number: subject.number,
  partner_id: subject.partnerId,
  state: subject.state,
  on_behalf_of: subject.onBehalfOf,
  customer_id: subject.customerId,
  opened_by_customer: subject.openedByCustomer,
  channel: subject.channel,
  selling_model: subject.sellingModel,
  deal_id: subject.dealId,
  order_id: subject.orderId,
  follows_case_id: subject.followsCaseId,
  subject: subject.subject,
  description: subject.description,
  contact_name: subject.contactName,
  contact_email: subject.contactEmail,
  category: subject.category,
  product_family: subject.productFamily,
  language: subject.language,
  priority: subject.priority,
  support_level: subject.supportLevel,
  queue_owner: subject.queueOwner,
  partner_sees: subject.partnerSees,
  parent_sees: subject.parentSees,
  partner_may_refer: subject.partnerMayRefer,
  parent_group: subject.parentGroup,
  calendar: subject.calendar,
  holder_side: subject.holder.side,
  holder_group: subject.holder.group,
  holder_person_id: subject.holder.personId,
  holder_person_name: subject.holder.personName,
  hand_over: subject.handOver,
  requester_side: subject.requesterSide,
  opened_by: subject.openedBy,
  opened_by_name: subject.openedByName,
  opened_by_side: subject.openedBySide,
  clocks: subject.clocks,
  info_requested_at: subject.infoRequestedAt,
  info_due_at: subject.infoDueAt,
  reminders: subject.reminders,
  reopen_count: subject.reopenCount,
  resolution_code: subject.resolutionCode,
  resolution_text: subject.resolutionText,
  resolved_at: subject.resolvedAt,
  closed_at: subject.closedAt,
  satisfaction: subject.satisfaction,
  dedicated_until: subject.dedicatedUntil,
  next_check_at: nextCheckAt,
  created_at: subject.createdAt,
  updated_at: subject.updatedAt,
});

export const fromCaseRow = (row: CaseRow): Case => ({
  id: row.id,
  version: row.version,
  number: row.number,
  partnerId: row.partner_id,
  state: row.state,
  onBehalfOf: row.on_behalf_of,
  customerId: row.customer_id,
  openedByCustomer: row.opened_by_customer,
  channel: row.channel,
  sellingModel: row.selling_model,
  dealId: row.deal_id,
  orderId: row.order_id,
  followsCaseId: row.follows_case_id,
  subject: row.subject,
  description: row.description,
  contactName: row.contact_name,
  contactEmail: row.contact_email,
  category: row.category,
  productFamily: row.product_family,
  language: row.language,
  priority: row.priority,
  supportLevel: row.support_level,
  queueOwner: row.queue_owner,
  partnerSees: row.partner_sees,
  parentSees: row.parent_sees,
  partnerMayRefer: row.partner_may_refer,
  parentGroup: row.parent_group,
  calendar: row.calendar,
  holder: { side: row.holder_side, group: row.holder_group, personId: row.holder_person_id, personName: row.holder_person_name },
  handOver: row.hand_over && {
    ...row.hand_over,
    requestedAt: new Date(row.hand_over.requestedAt),
    acceptUntil: new Date(row.hand_over.acceptUntil),
  },
  requesterSide: row.requester_side,
  openedBy: row.opened_by,
  openedByName: row.opened_by_name,
  openedBySide: row.opened_by_side,
  clocks: row.clocks.map(fromStoredClock),
  infoRequestedAt: row.info_requested_at,
  infoDueAt: row.info_due_at,
  reminders: row.reminders,
  reopenCount: row.reopen_count,
  resolutionCode: row.resolution_code,
  resolutionText: row.resolution_text,
  resolvedAt: row.resolved_at,
  closedAt: row.closed_at,
  satisfaction: row.satisfaction,
  dedicatedUntil: row.dedicated_until,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const time = (text: string): Date => new Date(text);
const timeOrNull = (text: string | null): Date | null => (text === null ? null : new Date(text));

const fromStoredClock = (stored: Stored<Clock>): Clock => ({
  ...stored,
  startedAt: time(stored.startedAt),
  dueAt: time(stored.dueAt),
  stoppedAt: timeOrNull(stored.stoppedAt),
  breachedAt: timeOrNull(stored.breachedAt),
  pauses: stored.pauses.map((pause) => ({ from: time(pause.from), to: timeOrNull(pause.to) })),
  previousTargets: stored.previousTargets.map((each) => ({
    allowanceMinutes: each.allowanceMinutes,
    dueAt: time(each.dueAt),
    replacedAt: time(each.replacedAt),
  })),
});

export interface CommentRow {
  id: string;
  case_id: string;
  stream: CommentStream;
  text: string;
  side: Side;
  author_id: string | null;
  author_name: string;
  created_at: Date;
}

export const toCommentRow = (comment: CaseComment) => ({
  id: comment.id,
  version: 1,
  case_id: comment.caseId,
  stream: comment.stream,
  text: comment.text,
  side: comment.side,
  author_id: comment.authorId,
  author_name: comment.authorName,
  created_at: comment.createdAt,
});

export const fromCommentRow = (row: CommentRow): CaseComment => ({
  id: row.id,
  caseId: row.case_id,
  stream: row.stream,
  text: row.text,
  side: row.side,
  authorId: row.author_id,
  authorName: row.author_name,
  createdAt: row.created_at,
});
