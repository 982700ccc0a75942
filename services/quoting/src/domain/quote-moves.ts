import type { Moves } from '@openprm/moves';

export type QuoteState =
  | 'DRAFT'
  | 'PRICED'
  | 'SUBMITTED'
  | 'APPROVAL_NEEDED'
  | 'APPROVED'
  | 'PRESENTED'
  | 'ACCEPTED'
  | 'REJECTED'
  | 'DECLINED'
  | 'EXPIRED'
  | 'CANCELLED'
  | 'SUPERSEDED'
  | 'ORDERED';

export type QuoteMove =
  | 'edit'
  | 'price'
  | 'submit'
  | 'passRules'
  | 'requestApproval'
  | 'approve'
  | 'reject'
  | 'recall'
  | 'present'
  | 'accept'
  | 'decline'
  | 'revise'
  | 'cancel'
  | 'expire'
  | 'order';

const OPEN: QuoteState[] = ['DRAFT', 'PRICED', 'SUBMITTED', 'APPROVAL_NEEDED', 'APPROVED', 'PRESENTED'];

/** The life of a quote. `submit` is followed at once by `passRules` or `requestApproval`, so SUBMITTED is never stored. */
export const quoteMoves: Moves<QuoteState, QuoteMove> = {
  edit: { from: ['DRAFT', 'PRICED'], to: 'DRAFT' },
  price: { from: ['DRAFT'], to: 'PRICED' },
  submit: { from: ['PRICED'], to: 'SUBMITTED' },
  passRules: { from: ['SUBMITTED'], to: 'APPROVED' },
  requestApproval: { from: ['SUBMITTED'], to: 'APPROVAL_NEEDED' },
  approve: { from: ['APPROVAL_NEEDED'], to: 'APPROVED' },
  reject: { from: ['APPROVAL_NEEDED'], to: 'REJECTED' },
  recall: { from: ['SUBMITTED', 'APPROVAL_NEEDED'], to: 'DRAFT' },
  present: { from: ['APPROVED'], to: 'PRESENTED' },
  accept: { from: ['APPROVED', 'PRESENTED'], to: 'ACCEPTED' },
  decline: { from: ['APPROVED', 'PRESENTED'], to: 'DECLINED' },
  revise: { from: [...OPEN, 'REJECTED', 'EXPIRED'], to: 'SUPERSEDED' },
  cancel: { from: OPEN, to: 'CANCELLED' },
  expire: { from: ['APPROVED', 'PRESENTED'], to: 'EXPIRED' },
  order: { from: ['ACCEPTED'], to: 'ORDERED' },
};

/** Moves that no caller makes: rules, timers and other services' events do. */
export const SYSTEM_MOVES: readonly QuoteMove[] = ['passRules', 'requestApproval', 'expire', 'order'];
