import type { Caller } from '@openprm/access';
import { exhausted } from '@openprm/errors';
import type { Command } from '@openprm/postgres';
import { countCheck, findCandidates } from '../db/claims';
import { loadPartnerContext } from '../db/partners';
import { dealScope } from '../db/visible';
import type { Deps } from '../deps';
import { isEnterpriseSide } from '../domain/authority';
import { checkConflict as check, type ConflictCheck } from '../domain/conflict';
import { claimKeys } from '../domain/claim';
import type { Customer } from '../domain/deal';
import { DEFAULT_DEAL_TYPE } from '../domain/deal-types';
import { conflictNotice } from '../domain/notice';
import { ANY_COUNTRY, ANY_FAMILY } from '../domain/protection';
import { defaultTerms } from '../domain/terms';
import { filledIn } from './create-deal';

export interface CheckInput {
  partnerId: string;
  customer: Customer;
  families: string[];
}

export interface CheckAnswer {
  notice: string;
  conflict: ConflictCheck | null;
  checksLeft: number;
}

/** Whether a customer can be registered. Counted per user and day also when it finds nothing: guessing must not pay. */
export async function checkDealConflict(deps: Deps, command: Command, caller: Caller, input: CheckInput): Promise<CheckAnswer> {
  const { partner, keys, candidates, checksLeft } = await deps.database.transaction(async (tx) => {
    const context = await loadPartnerContext(tx, caller, dealScope(caller), {
      partnerId: input.partnerId,
      ownerPersonId: null,
      customerId: input.customer.customerId,
    });
    const left = isEnterpriseSide(context.standing)
      ? deps.settings.checksPerDay
      : await countCheck(tx, command.principal, command.now, deps.settings.checksPerDay);
    if (left === null)
      throw exhausted(
        'TOO_MANY_CHECKS',
        `${deps.settings.checksPerDay} checks a day are allowed: register the deal, or come back tomorrow.`,
      );
    const claimed = claimKeys({ customer: filledIn(input.customer, context.customer) }, context.domains);
    return { partner: context, keys: claimed, candidates: await findCandidates(tx, claimed, context.id, command.now), checksLeft: left };
  });
  const terms = partner.offers[0] ?? defaultTerms;
  const families = input.families.length > 0 ? input.families.map((each) => each.trim().toLowerCase()) : [ANY_FAMILY];
  const claim = {
    dealId: null,
    partnerId: partner.id,
    type: DEFAULT_DEAL_TYPE,
    keys,
    families,
    country: input.customer.country || partner.customer?.country || ANY_COUNTRY,
    firstCompleteTime: command.now,
  };
  const conflict = check(claim, candidates, terms.coolDownDays, command.now);
  return { notice: conflictNotice(conflict, terms.disclosure), conflict: isEnterpriseSide(partner.standing) ? conflict : null, checksLeft };
}
