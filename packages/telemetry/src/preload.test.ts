import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const PACKAGE = join(__dirname, '..');
let collector: Server;
let received: { url: string; body: string }[] = [];

beforeAll(async () => {
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ url: request.url!, body: Buffer.concat(chunks).toString('latin1') });
      response.end();
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => collector.close(resolve)));
beforeEach(() => (received = []));

const endpoint = (): string => `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;

/** A process that calls itself over HTTP, with the preload, as a service is started. */
function run(script: string, env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, ['--require', join(PACKAGE, 'dist', 'preload.js'), '-e', script], {
    env: { PATH: process.env['PATH'], OTEL_SERVICE_NAME: 'probe', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  return new Promise((resolve) => child.once('close', () => resolve(out)));
}

const callItself = (path: string): string => `
  const { stopTelemetry, counter } = require(${JSON.stringify(PACKAGE)});
  const server = require('node:http').createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1', async () => {
    counter('prm_probe', 'A probe')(3);
    await fetch('http://127.0.0.1:' + server.address().port + '${path}').then((answer) => answer.text());
    if (process.env.METRICS_PORT) console.log(await fetch('http://127.0.0.1:' + process.env.METRICS_PORT + '/metrics').then((answer) => answer.text()));
    server.close();
    server.closeAllConnections();
    await stopTelemetry();
    console.log(Object.keys(require.cache).some((file) => file.includes('sdk-node')) ? 'sdk loaded' : 'sdk not loaded');
  });`;

test('with a collector set, a request becomes a span that is sent before the end', async () => {
  await run(callItself('/deals'), { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(), OTEL_TRACES_SAMPLER_ARG: '1' });
  expect(received.map((each) => each.url)).toContain('/v1/traces');
  expect(received.map((each) => each.body).join()).toMatch(/probe[\s\S]*\/deals/);
});

test('probes leave no spans', async () => {
  await run(callItself('/healthz'), { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint(), OTEL_TRACES_SAMPLER_ARG: '1' });
  expect(received.map((each) => each.body).join()).not.toContain('/healthz');
});

test('with a port set, metrics are there for Prometheus', async () => {
  const port = await freePort();
  expect(await run(callItself('/deals'), { METRICS_PORT: String(port) })).toContain('prm_probe_total{otel_scope_name="openprm"} 3');
  expect(received).toEqual([]);
});

test('with neither, nothing is even loaded', async () => {
  expect(await run(callItself('/deals'), {})).toContain('sdk not loaded');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
