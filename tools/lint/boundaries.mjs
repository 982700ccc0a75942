// What each kind of line may know (ARCHITECTURE.md): one entry per folder of a service, checked by ESLint.
const PROTOBUF = ['@openprm/contracts', '@openprm/contracts/*', '@bufbuild/*'];
const DATABASE = ['typeorm', 'pg'];
const KAFKA = ['kafkajs', '@openprm/messaging'];
const GRPC = ['@grpc/*', '@openprm/grpc'];
const HTTP = ['express'];

const rule = (folder, forbidden, why) => ({
  files: [`services/*/src/${folder}/**/*.ts`],
  ignores: ['**/*.test.ts'],
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: forbidden, message: why }] }] },
});

export const boundaries = [
  rule(
    'domain',
    [
      ...PROTOBUF,
      ...DATABASE,
      ...KAFKA,
      ...GRPC,
      ...HTTP,
      '@openprm/postgres',
      '@openprm/lifecycle',
      '**/db/*',
      '**/usecases/*',
      '**/grpc/*',
      '**/events/*',
      '**/contract/*',
      '**/config',
      '**/deps',
    ],
    'domain/ holds pure rules: no clock, database, protobuf, Kafka, gRPC or configuration.',
  ),
  rule(
    'usecases',
    ['@grpc/*', '@openprm/grpc', 'kafkajs', 'express', '**/grpc/*', '**/config', '**/contract/*'],
    'usecases/ know domain, db and deps: no gRPC, Express or configuration.',
  ),
  rule(
    'db',
    [...PROTOBUF, ...GRPC, ...HTTP, 'kafkajs', '**/grpc/*', '**/usecases/*', '**/config'],
    'db/ knows domain types and SQL: no messages, handlers or use cases.',
  ),
  rule(
    'grpc',
    [...DATABASE, ...KAFKA, ...HTTP, '**/events/*', '**/config'],
    'grpc/ maps messages to use cases: no SQL, transactions or Kafka.',
  ),
  rule(
    'events',
    [...GRPC, ...HTTP, 'kafkajs', 'typeorm', 'pg', '**/grpc/*', '**/config'],
    'events/ knows generated types, domain, db and inbox: no gRPC handlers.',
  ),
  {
    files: ['packages/**/*.ts', 'services/**/*.ts', 'tools/**/*.ts'],
    ignores: [
      'packages/messaging/src/kafka.ts',
      'packages/messaging/src/**/*.test.ts',
      'packages/messaging/src/testing/**',
      'tools/e2e/**',
      'services/*/src/{domain,usecases,db,grpc,events}/**',
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'kafkajs', message: 'kafkajs is imported by packages/messaging/src/kafka.ts only.' }] },
      ],
    },
  },
];
