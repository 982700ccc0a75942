import { services as allServices, signIns } from './services.mjs';

const ownNames = [
  'DATABASE_URL',
  'BUS_DATABASE_URL',
  'KAFKA_BROKERS',
  'SANDBOX_SECRET',
  'SANDBOX_SIGN_INS',
  'METRICS_PORT',
  'GRPC_PORT',
  'HTTP_PORT',
];

/**
 * The environment of one service: what the caller's has, less what is for the starter, plus what the platform knows.
 * @param {import('./services.mjs').Service} service
 */
export function environmentOf(service, platform) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('npm_') && !name.startsWith('PRM_') && !ownNames.includes(name),
  );
  const groups = { client, sandbox, organisation, addresses };
  return {
    ...Object.fromEntries(inherited),
    ...common(service, platform),
    ...Object.assign({}, ...(service.receives ?? []).map((group) => groups[group](platform))),
  };
}

function common(service, { ports, metricsPorts, databases, broker, issuer, gateway, logLevel, compileCache, otlpEndpoint }) {
  return {
    HOST: '127.0.0.1',
    [service.kind === 'grpc' ? 'GRPC_PORT' : 'HTTP_PORT']: String(ports[service.name]),
    DATABASE_URL: databases[service.name],
    ...(broker.kind === 'kafka' ? { KAFKA_BROKERS: broker.kafkaBrokers } : { BUS_DATABASE_URL: broker.busDatabaseUrl }),
    OIDC_ISSUER: issuer,
    OIDC_AUDIENCE: process.env.OIDC_AUDIENCE ?? 'openprm',
    PUBLIC_URL: gateway,
    LOG_LEVEL: logLevel,
    NODE_COMPILE_CACHE: compileCache,
    ...(metricsPorts[service.name] && { METRICS_PORT: String(metricsPorts[service.name]) }),
    ...(otlpEndpoint && { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }),
  };
}

const client = ({ secret, ownIssuer }) => (ownIssuer ? {} : { OIDC_CLIENT_SECRET: secret('oidc client') });

const sandbox = ({ secret }) => ({ SANDBOX_SECRET: secret('sandbox'), SANDBOX_SIGN_INS: JSON.stringify(signIns) });

const organisation = ({ enterpriseName, adminEmail }) => ({ PRM_ENTERPRISE_NAME: enterpriseName, PRM_ADMIN_EMAIL: adminEmail });

/** A part of the platform that is not started (a test may want few) is an address where nobody answers. */
function addresses({ ports, services }) {
  const named = [...allServices, ...services].filter((one) => one.addressVariable);
  return Object.fromEntries(named.map((one) => [one.addressVariable, `127.0.0.1:${ports[one.name] ?? 1}`]));
}
