import { signIns } from './services.mjs';

/** What a person needs after the start; the last line is the one that scripts wait for. */
export function readyTable(platform, { adminEmail }) {
  const rows = [
    ['Platform', platform.gateway],
    ['Documentation', `${platform.gateway}/docs   ${platform.gateway}/openapi.json   ${platform.gateway}/asyncapi.json`],
    ['Sign-in', platform.identity ?? `${platform.issuer} (your own issuer)`],
    ['Events', [platform.broker.kafkaBrokers, platform.labels.broker].filter(Boolean).join('   ')],
    ['PostgreSQL', platform.labels.postgres],
    [
      'Services',
      Object.entries(platform.addresses)
        .filter(([name]) => !['gateway', 'identity'].includes(name))
        .map(([name, address]) => `${name} ${address}`)
        .join('   '),
    ],
    ['Data and logs', platform.folder.path],
    ...Object.entries(platform.metrics).map(([name, port]) => ['Metrics', `${name} http://127.0.0.1:${port}/metrics`]),
  ];
  return ['', ...section(rows), '', ...people(platform, adminEmail), `OpenPRM is ready at ${platform.gateway}`].join('\n');
}

function people(platform, adminEmail) {
  if (!platform.identity)
    return ['Sign in with people of your own issuer; the first enterprise admin is the one with the address', `  ${adminEmail}`, ''];
  const shown = platform.folder.state.sample === 'none' ? [{ persona: 'Enterprise admin', email: adminEmail }] : signIns;
  return [
    'Sign-ins (no password in the sandbox; for scripts: npm run -s token -- EMAIL)',
    ...section(shown.map(({ persona, email }) => [persona, email])),
    '',
  ];
}

function section(rows) {
  const width = Math.max(...rows.map(([title]) => title.length));
  return rows.map(([title, text]) => `  ${title.padEnd(width)}  ${text}`);
}
