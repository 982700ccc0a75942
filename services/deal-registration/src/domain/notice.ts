import type { ConflictCheck, Match } from './conflict';
import type { Disclosure } from './terms';

/**
 * What a partner may know of a conflict. Never who, how much or with whom; whether at all is the program's choice. Its own
 * duplicate is its own business and always named.
 */
export function conflictNotice(check: ConflictCheck, disclosure: Disclosure): string {
  const own = check.matches.find((match) => match.kind === 'OWN_DUPLICATE');
  const others = check.matches.filter(isForeign);
  return [
    own ? `Your organisation has ${own.dealNumber} for this customer already.` : '',
    others.length > 0 ? foreignNotice(others, disclosure) : '',
  ]
    .filter(Boolean)
    .join(' ');
}

const isForeign = (match: Match): boolean =>
  match.kind !== 'OWN_DUPLICATE' && match.kind !== 'COOL_DOWN' && (match.verdict === 'REVIEW' || match.verdict === 'BLOCK');

function foreignNotice(others: readonly Match[], disclosure: Disclosure): string {
  if (disclosure === 'NOTHING') return '';
  const ends = others
    .flatMap((match) => (match.protectionEnd ? [match.protectionEnd] : []))
    .sort((left, right) => left.getTime() - right.getTime());
  const until = disclosure === 'EXISTS_UNTIL' ? ends.at(-1) : undefined;
  return until
    ? `This customer cannot be protected before ${until.toISOString().slice(0, 10)}.`
    : 'Another claim exists for this customer.';
}
