import type { Command } from '@openprm/postgres';
import type { LoadedQuote, Reach } from '../db/quotes';
import type { Deps } from '../deps';
import type { ApprovalGroup } from '../domain/approval';
import * as life from '../domain/quote-life';
import { changeQuote, type Changed, type Target } from './change-quote';
import { by } from './store';

export interface DecidedBy {
  name: string;
  /** Groups for which the caller may decide about this quote. */
  groupsFor: (loaded: LoadedQuote) => ReadonlySet<ApprovalGroup>;
}

const decider = (command: Command, { name, groupsFor }: DecidedBy, loaded: LoadedQuote): life.Decider => ({
  principal: command.principal,
  name,
  groups: groupsFor(loaded),
});

/** Approves the open step. */
export const approveQuote = (
  deps: Deps,
  command: Command,
  reach: Reach,
  target: Target,
  who: DecidedBy,
  comment: string,
): Promise<Changed> =>
  changeQuote(deps, command, reach, target, by(command, 'approve', { comment }), (loaded) =>
    life.approveStep(loaded.quote, decider(command, who, loaded), comment, command.now),
  );

/** Rejects the quote at its open step. */
export const rejectQuote = (
  deps: Deps,
  command: Command,
  reach: Reach,
  target: Target,
  who: DecidedBy,
  texts: { comment: string; internalNote: string },
): Promise<Changed> =>
  changeQuote(deps, command, reach, target, by(command, 'reject', texts), (loaded) =>
    life.rejectQuote(loaded.quote, decider(command, who, loaded), texts.comment, command.now),
  );
