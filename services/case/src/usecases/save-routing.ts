import { invalid } from '@openprm/errors';
import { checkEtag, saveDecision, transact, type Command } from '@openprm/postgres';
import { loadConfiguration, ROUTING_TABLE_ID } from '../db/configuration';
import { toRoutingRow } from '../db/groups';
import type { Deps } from '../deps';
import type { RoutingRule } from '../domain/configuration';

export interface RoutingTable {
  rules: RoutingRule[];
  version: number;
}

/** Replaces the rules. Cases that are open stay where they are. */
export function saveRouting(deps: Deps, command: Command, rules: RoutingRule[], etag: string): Promise<RoutingTable> {
  return transact(deps, command, async (tx) => {
    const { groups, categories, rules: before, routingVersion } = await loadConfiguration(tx, { withLoads: false });
    checkEtag({ version: routingVersion }, etag);
    rules.forEach((rule, index) => {
      if (!groups.has(rule.group)) throw invalid(`routing_table.rules[${index}].group`, 'is not a group.', 'UNKNOWN_GROUP');
      if (rule.category && !categories.has(rule.category))
        throw invalid(`routing_table.rules[${index}].category`, 'is not a category.', 'UNKNOWN_CATEGORY');
    });
    const version = routingVersion + 1;
    saveDecision(tx, {
      changes: [{ table: 'routing_tables', row: toRoutingRow(ROUTING_TABLE_ID, version, rules), expectedVersion: routingVersion }],
      audit: [
        {
          aggregate: 'routing_table',
          aggregateId: ROUTING_TABLE_ID,
          version,
          at: command.now,
          move: 'save',
          fromState: '',
          toState: '',
          actor: command.actor,
          before,
          after: rules,
        },
      ],
      outbox: [],
    });
    return { rules, version };
  });
}
