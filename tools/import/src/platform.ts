import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PlatformError } from './api';

interface Runtime {
  gateway?: string;
  identity: string | null;
  issuer?: string;
  sandboxSecret: string | null;
}

const root = resolve(__dirname, '..', '..', '..');
const admin = 'admin@enterprise.example';

/** Where the platform is and how to be let in: as the person says, else as the running sandbox says. */
export function locatePlatform(gateway: string | null): { gateway: string; token: () => Promise<string> } {
  const given = process.env['PRM_TOKEN'];
  return {
    gateway: gateway ?? readRuntime()?.gateway ?? 'http://127.0.0.1:8080',
    token: given ? async () => given : sandboxToken,
  };
}

/** The sandbox may have been restarted since the last token: its file is read anew. */
async function sandboxToken(): Promise<string> {
  const runtime = readRuntime();
  if (!runtime) throw new PlatformErrorLater(`No sandbox runs on ${dataFolder()}: start it with npm start, or give a token in PRM_TOKEN.`);
  const { requestToken } = (await import(pathToFileURL(join(root, 'tools', 'token', 'request-token.mjs')).href)) as {
    requestToken: (runtime: Runtime, email: string) => Promise<string>;
  };
  return requestToken(runtime, admin);
}

/** Not final: the sandbox may be about to start. */
class PlatformErrorLater extends Error {}

/** Refuses at once where waiting cannot help. */
export async function checkAccess(): Promise<void> {
  if (process.env['PRM_TOKEN']) return;
  const runtime = readRuntime();
  if (!runtime) throw new PlatformError(`No sandbox runs on ${dataFolder()}: start it with npm start, or give a token in PRM_TOKEN.`);
  if (!runtime.sandboxSecret)
    throw new PlatformError(
      `The platform trusts an issuer of your own (${runtime.issuer}): give a token of an enterprise admin in PRM_TOKEN.`,
    );
}

const dataFolder = (): string => resolve(root, process.env['PRM_DATA'] || '.data');

function readRuntime(): Runtime | null {
  try {
    return JSON.parse(readFileSync(join(dataFolder(), 'runtime.json'), 'utf8')) as Runtime;
  } catch {
    return null;
  }
}
