// Registries may lack some platform packages; npm then leaves them out of the lock and `npm ci` calls the lock stale.
// Adds an entry without integrity for each missing optional dependency. Run after every `npm install`.
import { readFileSync, writeFileSync } from 'node:fs';

const systems = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'win32',
  win: 'win32',
  windows: 'win32',
  freebsd: 'freebsd',
  android: 'android',
  openharmony: 'openharmony',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  sunos: 'sunos',
  aix: 'aix',
};
const cpus = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64'];

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`${path}/node_modules/${name}`] || lock.packages[`node_modules/${name}`] || /[^0-9.a-z-]/.test(version)) continue;
    lock.packages[`node_modules/${name}`] = { version, optional: true, ...platformOf(name) };
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);

function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = Object.keys(systems).find((system) => words.includes(system));
  const cpu = cpus.find((candidate) => words.some((word) => word === candidate || (candidate === 'arm' && /^arm(?!64)/.test(word))));
  return { ...(cpu && { cpu: [cpu] }), ...(os && { os: [systems[os]] }) };
}
