import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { documentedRegistry } from '@openprm/contracts';
import { routesOf } from '../src/contracts/http-rules';
import { eventsOf, makeAsyncApi } from '../src/documents/asyncapi';
import { makeOpenApi } from '../src/documents/openapi';

const modules = resolve(__dirname, '../../../node_modules');
const contracts = documentedRegistry();

describe('the documents of the API', () => {
  it('are an OpenAPI document that a strict linter takes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
    try {
      writeFileSync(join(folder, 'openapi.json'), JSON.stringify(makeOpenApi(contracts)));
      const lint = promisify(execFile)(
        process.execPath,
        [join(modules, '@redocly/cli/bin/cli.js'), 'lint', 'openapi.json', '--format=json'],
        {
          cwd: folder,
          env: { ...process.env, REDOCLY_TELEMETRY: 'off' },
        },
      );
      const { stdout } = await lint.catch((error: { stdout: string }) => error);
      expect(JSON.parse(stdout).problems).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);

  it('name every route and every operation once', () => {
    const paths = Object.values((makeOpenApi(contracts) as { paths: Record<string, Record<string, { operationId: string }>> }).paths);
    const ids = paths.flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(routesOf(contracts).length);
  });

  it('are an AsyncAPI document that its parser takes, with every event', async () => {
    // Loaded here: it takes half a second, and the other tests do not need it.
    const { Parser } = await import('@asyncapi/parser');
    const source = makeAsyncApi(contracts) as { components: { messages: object } };
    const { document, diagnostics } = await new Parser().parse(JSON.stringify(source));
    expect(document).toBeDefined();
    expect(diagnostics.filter(({ severity }) => severity < 2)).toEqual([]);
    expect(Object.keys(source.components.messages)).toHaveLength(eventsOf(contracts).length);
  }, 60_000);
});
