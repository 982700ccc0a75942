import * as contract from '@openprm/contracts/supportcase';
import type { CaseView } from '../db/cases';
import type { CaseComment, Side } from '../domain/case';
import type { Clock } from '../domain/clock';

const toSide = (side: Side): contract.Side => contract.Side[side];

/** A case in the enterprise's view, without moves. */
export const toCase = ({ case: subject, partnerName, customerName }: CaseView): contract.Case => ({
  id: subject.id,
  number: subject.number,
  partnerId: subject.partnerId,
  partnerName,
  state: contract.CaseState[subject.state],
  onBehalfOf: contract.OnBehalfOf[subject.onBehalfOf],
  customerId: subject.customerId ?? '',
  customerName,
  contactName: subject.contactName,
  contactEmail: subject.contactEmail,
  openedByCustomer: subject.openedByCustomer,
  subject: subject.subject,
  description: subject.description,
  category: subject.category,
  productFamily: subject.productFamily,
  language: subject.language,
  priority: contract.Priority[subject.priority],
  channel: contract.Channel[subject.channel],
  sellingModel: subject.sellingModel ? contract.SellingModel[subject.sellingModel] : contract.SellingModel.UNSPECIFIED,
  dealId: subject.dealId ?? '',
  orderId: subject.orderId ?? '',
  followsCaseId: subject.followsCaseId ?? '',
  queueOwner: contract.QueueOwner[subject.queueOwner],
  holder: {
    side: toSide(subject.holder.side),
    group: subject.holder.group ?? '',
    personId: subject.holder.personId ?? '',
    personName: subject.holder.personName,
  },
  handOver: subject.handOver
    ? {
        fromSide: toSide(subject.handOver.fromSide),
        toSide: toSide(subject.handOver.toSide),
        reason: subject.handOver.reason,
        requestTime: subject.handOver.requestedAt,
        acceptUntil: subject.handOver.acceptUntil,
      }
    : undefined,
  requesterSide: toSide(subject.requesterSide),
  openedByName: subject.openedByName,
  supportLevel: subject.supportLevel,
  clocks: subject.clocks.map(toClock),
  infoDueTime: subject.infoDueAt ?? undefined,
  reopenCount: subject.reopenCount,
  resolutionCode: subject.resolutionCode,
  resolutionText: subject.resolutionText,
  resolveTime: subject.resolvedAt ?? undefined,
  closeTime: subject.closedAt ?? undefined,
  satisfaction: subject.satisfaction,
  moves: [],
  etag: String(subject.version),
  createTime: subject.createdAt,
  updateTime: subject.updatedAt,
  parentGroup: subject.parentSees ? subject.parentGroup : '',
});

const toClock = (clock: Clock): contract.Clock => ({
  kind: contract.ClockKind[clock.kind],
  state: contract.ClockState[clock.state],
  allowanceMinutes: BigInt(clock.allowanceMinutes),
  calendar: clock.calendar,
  startTime: clock.startedAt,
  dueTime: clock.dueAt,
  stopTime: clock.stoppedAt ?? undefined,
  breachTime: clock.breachedAt ?? undefined,
  excuse: clock.excuse,
  notedPercent: clock.notedPercent,
  previousTargets: clock.previousTargets.map((each) => ({
    allowanceMinutes: BigInt(each.allowanceMinutes),
    dueTime: each.dueAt,
    replacedTime: each.replacedAt,
  })),
});

/**
 * A case as its partner reads it: a list of what is shown, so that a new field is hidden until somebody decides otherwise. People of the
 * enterprise stay nameless; excuses, groups and inner times of the enterprise stay inside.
 */
export function toPartnerCase(view: CaseView): contract.Case {
  const full = toCase(view);
  const { case: subject } = view;
  const byPartner = subject.holder.side === 'PARTNER';
  const { id, number, partnerId, partnerName, state, onBehalfOf, customerId, customerName, contactName, contactEmail, openedByCustomer } =
    full;
  const { description, category, productFamily, language, priority, channel, sellingModel, dealId, orderId, followsCaseId, queueOwner } =
    full;
  const {
    handOver,
    requesterSide,
    supportLevel,
    infoDueTime,
    reopenCount,
    resolutionCode,
    resolutionText,
    resolveTime,
    closeTime,
    satisfaction,
  } = full;
  const { moves, etag, createTime, updateTime } = full;
  return {
    ...{
      id,
      number,
      partnerId,
      partnerName,
      state,
      onBehalfOf,
      customerId,
      customerName,
      contactName,
      contactEmail,
      openedByCustomer,
      subject: full.subject,
    },
    ...{ description, category, productFamily, language, priority, channel, sellingModel, dealId, orderId, followsCaseId, queueOwner },
    ...{
      handOver,
      requesterSide,
      supportLevel,
      infoDueTime,
      reopenCount,
      resolutionCode,
      resolutionText,
      resolveTime,
      closeTime,
      satisfaction,
    },
    ...{ moves, etag, createTime, updateTime },
    holder: {
      side: toSide(subject.holder.side),
      group: '',
      personId: byPartner ? (subject.holder.personId ?? '') : '',
      personName: byPartner ? subject.holder.personName : '',
    },
    openedByName: subject.openedBySide === 'PARTNER' ? subject.openedByName : '',
    clocks: full.clocks.map((clock) => ({ ...clock, excuse: '' })),
    parentGroup: '',
  };
}

export const toComment = (comment: CaseComment): contract.CaseComment => ({
  id: comment.id,
  caseId: comment.caseId,
  stream: contract.CommentStream[comment.stream],
  text: comment.text,
  side: toSide(comment.side),
  authorName: comment.authorName,
  createTime: comment.createdAt,
});

/** Partners do not learn who of the enterprise spoke. */
export const toPartnerComment = (comment: CaseComment): contract.CaseComment => ({
  ...toComment(comment),
  authorName: comment.side === 'PARTNER' ? comment.authorName : '',
});
