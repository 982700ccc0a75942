import { organisationsSql, scopeSql, type Params } from '@openprm/access';
import type { Reader } from '../domain/reader';

/** SQL condition that the reader's side may read case `c` at all, whichever partner it belongs to. */
const sideSees = (reader: Reader): string => (reader.side === 'PARTNER' ? 'c.partner_sees' : 'c.parent_sees');

/** SQL condition that case `c` is in one of the agent's groups, or in a group that is open to every agent, or in the agent's own hands. */
function agentSees(personId: string, params: Params): string {
  const person = params.add(personId);
  return `(c.holder_person_id = ${person}::uuid or c.parent_group in
    (select g.code from case_groups g where g.members = '[]' or g.members @> jsonb_build_array(jsonb_build_object('personId', ${person}::text))))`;
}

/** SQL condition that the reader may read case `c`. */
export function visibleSql(reader: Reader, params: Params): string {
  const inScope = scopeSql(reader.scope, 'c.partner_id', params);
  const reached = reader.side === 'PARENT' && reader.agent ? `(${inScope} or ${agentSees(reader.agent, params)})` : inScope;
  return `${sideSees(reader)} and ${reached}`;
}

/** SQL condition that the reader may know of partner `column` and of how many cases it has. */
export function partnerKnownSql(reader: Reader, column: string, params: Params): string {
  if (reader.scope.all || (reader.side === 'PARENT' && reader.agent)) return 'true';
  return `${column} in (${organisationsSql(reader.scope, params)})`;
}

/** The part of `visibleSql` that a list by partner has beside its scope. */
export function listConditions(reader: Reader, params: Params): { where: string[]; scope: Reader['scope'] } {
  if (reader.side === 'PARENT' && reader.agent) return { where: [visibleSql(reader, params)], scope: { all: true } };
  return { where: [sideSees(reader)], scope: reader.scope };
}
