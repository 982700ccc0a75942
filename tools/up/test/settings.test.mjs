import { helpText, readSettings, settings, unknownSettings } from '../settings.mjs';

const faults = [
  ['a port that is no number', { PRM_PORT: 'abc' }, /PRM_PORT=abc is no port/],
  ['a port out of range', { PRM_PORT: '70000' }, /PRM_PORT=70000 is no port/],
  ['an unknown sample', { PRM_SAMPLE: 'huge' }, /PRM_SAMPLE=huge is unknown: choose one of small, none/],
  ['an address that is not of Postgres', { DATABASE_URL: 'mysql://x' }, /DATABASE_URL=mysql:\/\/x is no address of a PostgreSQL server/],
  ['brokers without a port', { KAFKA_BROKERS: 'broker' }, /KAFKA_BROKERS=broker is no list of brokers/],
  ['a log level that does not exist', { LOG_LEVEL: 'loud' }, /LOG_LEVEL=loud is unknown/],
  ['a prefix that could not begin a name', { PRM_DATABASE_PREFIX: '1-' }, /PRM_DATABASE_PREFIX/],
];

test.each(faults)('%s is refused in one line that names the fix', (_what, env, message) => {
  expect(() => readSettings(env)).toThrow(message);
  expect(() => readSettings(env)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('\n') }));
});

test('all faults are named at once', () => {
  expect(() => readSettings({ PRM_PORT: 'abc', PRM_SAMPLE: 'huge' })).toThrow(/PRM_PORT.*PRM_SAMPLE/);
});

test('without any setting the defaults hold, and the data folder is absolute', () => {
  expect(readSettings({})).toMatchObject({ port: 8080, sample: 'small', dataDir: expect.stringMatching(/^\/.*\/\.data$/) });
});

test('the help names every setting', () => {
  for (const { name } of settings) expect(helpText()).toContain(name);
});

test('a misspelt setting is noticed', () => {
  expect(unknownSettings({ PRM_PROT: '1', PRM_PORT: '1' })).toEqual(['PRM_PROT']);
});
