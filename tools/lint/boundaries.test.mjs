import { execFileSync } from 'node:child_process';
import { violations } from './projects.mjs';

/** Lints a text as if it were a file of the project; in a process of its own, because ESLint loads its configuration as a module. */
function lint(text, path) {
  try {
    execFileSync('node', ['node_modules/eslint/bin/eslint.js', '--stdin', '--stdin-filename', path], { input: text, encoding: 'utf8' });
    return '';
  } catch (error) {
    return error.stdout;
  }
}

test.each([
  ['domain', `import { run } from '@openprm/postgres';\nexport const x = run;\n`, 'domain/ holds pure rules'],
  ['domain', `import { Deal } from '@openprm/contracts/dealregistration';\nexport const x = Deal;\n`, 'domain/ holds pure rules'],
  ['usecases', `import { connect } from '@openprm/grpc';\nexport const x = connect;\n`, 'usecases/ know domain'],
  ['grpc', `import { on } from '@openprm/messaging';\nexport const x = on;\n`, 'grpc/ maps messages'],
  ['db', `import { Deal } from '@openprm/contracts/dealregistration';\nexport const x = Deal;\n`, 'db/ knows domain types'],
])('a forbidden import in %s/ is reported', (folder, text, why) => {
  expect(lint(text, `services/order/src/${folder}/example.ts`)).toContain(why);
});

test('kafkajs outside its one file is reported', () => {
  expect(lint(`import { Kafka } from 'kafkajs';\nexport const x = Kafka;\n`, 'services/order/src/main.ts')).toContain(
    'packages/messaging/src/kafka.ts only',
  );
});

test('a service that reaches another service is reported', () => {
  const node = (type) => ({ data: { tags: [`type:${type}`] } });
  const graph = {
    nodes: { order: node('service'), quoting: node('service'), money: node('package') },
    dependencies: {
      order: [
        { source: 'order', target: 'money' },
        { source: 'order', target: 'quoting' },
      ],
    },
  };
  expect(violations(graph)).toEqual(['order (type:service) must not depend on quoting (type:service).']);
});
