// Every setting of `npm start`, as data: read, checked and printed from this one table.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refusal } from './refusal.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

export const settings = [
  { name: 'PRM_PORT', key: 'port', fallback: '8080', read: port, help: 'port of the gateway (REST API, documentation, portal)' },
  {
    name: 'PRM_DATA',
    key: 'dataDir',
    fallback: '.data',
    read: folder,
    help: 'folder of databases, broker, logs and secrets; relative to the project',
  },
  {
    name: 'PRM_SAMPLE',
    key: 'sample',
    fallback: 'small',
    read: oneOf(['small', 'none']),
    help: 'what a new data folder starts with: small, none',
  },
  {
    name: 'PRM_BROKER',
    key: 'broker',
    fallback: 'auto',
    read: oneOf(['auto', 'docker', 'java', 'embedded']),
    help: 'where events go: auto, docker, java (real Kafka), embedded (bus on Postgres)',
  },
  { name: 'KAFKA_BROKERS', key: 'kafkaBrokers', read: brokers, help: 'Kafka of your own: host:port, separated by commas' },
  {
    name: 'DATABASE_URL',
    key: 'databaseUrl',
    read: postgresUrl,
    help: 'PostgreSQL server of your own; its role must be allowed to create databases and roles',
  },
  {
    name: 'PRM_DATABASE_PREFIX',
    key: 'databasePrefix',
    fallback: 'openprm_',
    read: prefix,
    help: 'first letters of databases and roles at DATABASE_URL',
  },
  {
    name: 'OIDC_ISSUER',
    key: 'oidcIssuer',
    read: webAddress,
    help: 'OpenID issuer of your own instead of the built-in identity service (also set OIDC_CLIENT_SECRET)',
  },
  {
    name: 'PRM_ENTERPRISE_NAME',
    key: 'enterpriseName',
    fallback: 'Example Enterprise',
    read: text,
    help: 'name of the enterprise whose partners these are',
  },
  { name: 'PRM_ADMIN_EMAIL', key: 'adminEmail', fallback: 'admin@enterprise.example', read: email, help: 'the first enterprise admin' },
  {
    name: 'LOG_LEVEL',
    key: 'logLevel',
    fallback: 'info',
    read: oneOf(logLevels),
    help: `how much the services log: ${logLevels.join(', ')}`,
  },
  {
    name: 'PRM_METRICS',
    key: 'metrics',
    fallback: 'off',
    read: oneOf(['off', 'on']),
    help: 'on: each process serves Prometheus metrics on a port of its own',
  },
  { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', key: 'otlpEndpoint', read: webAddress, help: 'OpenTelemetry collector; no tracing without it' },
];

/** Reads the environment; throws one Refusal that names every fault. */
export function readSettings(env = process.env) {
  const faults = [];
  const values = {};
  for (const { name, key, fallback, read } of settings) {
    const raw = env[name]?.trim() || fallback;
    const fault = raw === undefined ? undefined : assign(values, key, read, raw);
    if (fault) faults.push(`${name}=${raw} ${fault}`);
  }
  if (faults.length > 0) throw new Refusal(`${faults.join(' ')} All settings: npm start -- --help`);
  return values;
}

/** Names that look like settings but are none: most likely misspelt. */
export function unknownSettings(env = process.env) {
  return Object.keys(env).filter((name) => name.startsWith('PRM_') && !settings.some((one) => one.name === name));
}

export function helpText() {
  const width = Math.max(...settings.map(({ name }) => name.length));
  const lines = settings.map(({ name, help, fallback }) => `  ${name.padEnd(width)}  ${help}${fallback ? ` (default ${fallback})` : ''}`);
  return [
    'Usage: [SETTING=value …] npm start',
    '',
    'Starts OpenPRM on this machine and keeps it running until Ctrl-C. Settings are environment variables:',
    '',
    ...lines,
    '',
  ].join('\n');
}

function assign(values, key, read, raw) {
  try {
    values[key] = read(raw);
  } catch (error) {
    return error.message;
  }
  return undefined;
}

function port(raw) {
  const value = Number(raw);
  if (/^\d+$/.test(raw) && value >= 1 && value <= 65_535) return value;
  throw new Error('is no port: give a number from 1 to 65535, for example PRM_PORT=8081.');
}

function oneOf(choices) {
  return (raw) => {
    if (choices.includes(raw)) return raw;
    throw new Error(`is unknown: choose one of ${choices.join(', ')}.`);
  };
}

function brokers(raw) {
  const list = raw.split(',').map((one) => one.trim());
  if (list.every((one) => /^[^\s:/]+:\d{1,5}$/.test(one))) return list.join(',');
  throw new Error('is no list of brokers: give host:port, several separated by commas.');
}

function postgresUrl(raw) {
  if (URL.canParse(raw) && /^postgres(ql)?:$/.test(new URL(raw).protocol)) return raw;
  throw new Error('is no address of a PostgreSQL server: give postgres://user:password@host:5432/postgres.');
}

function webAddress(raw) {
  if (URL.canParse(raw) && /^https?:$/.test(new URL(raw).protocol)) return raw;
  throw new Error('is no web address: give http://… or https://….');
}

function prefix(raw) {
  if (/^[a-z][a-z0-9_]{0,20}$/.test(raw)) return raw;
  throw new Error('cannot begin a name: use up to 21 lower-case letters, digits and underscores.');
}

function email(raw) {
  if (/^[^\s@]+@[^\s@]+$/.test(raw)) return raw.toLowerCase();
  throw new Error('is no e-mail address.');
}

function folder(raw) {
  return resolve(root, raw);
}

function text(raw) {
  return raw;
}
