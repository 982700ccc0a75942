import type { Caller } from '@openprm/access';
import type * as contract from '@openprm/contracts/supportcase';
import { toCase, toComment, toPartnerCase, toPartnerComment } from '../contract/to-message';
import type { CaseView } from '../db/cases';
import type { CaseComment } from '../domain/case';
import { partyOf, readerOf } from '../domain/reader';
import { movesFor } from '../domain/who-may';

/** The case as this caller may read it, with the moves the caller may make. */
export function viewFor(caller: Caller, view: CaseView): contract.Case {
  const shown = readerOf(caller).side === 'PARENT' ? toCase(view) : toPartnerCase(view);
  return { ...shown, moves: movesFor(view.case, partyOf(caller)) };
}

export const commentFor = (caller: Caller, comment: CaseComment): contract.CaseComment =>
  readerOf(caller).side === 'PARENT' ? toComment(comment) : toPartnerComment(comment);
