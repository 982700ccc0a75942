import { tableOf } from '@openprm/moves';
import { caseMoves } from './case';

test('the life of a case', () => {
  expect(tableOf(caseMoves)).toMatchInlineSnapshot(`
"NEW --accept--> OPEN
NEW | OPEN | REOPENED --assign--> OPEN
OPEN | REOPENED --requestInfo--> AWAITING_INFO
AWAITING_INFO --answer--> OPEN
AWAITING_INFO --timeOut--> RESOLVED
OPEN | REOPENED --resolve--> RESOLVED
RESOLVED --close--> CLOSED
RESOLVED | CLOSED --reopen--> REOPENED
NEW | OPEN --cancel--> CANCELLED
OPEN | REOPENED --handOver--> OPEN
OPEN --acceptHandOver--> OPEN"
`);
});
