import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../import/dist/main.js', import.meta.url));

/**
 * Runs `npm run import -- crm` against a platform.
 * @param {{ folder: { path: string } }} platform
 * @param {string[]} args
 * @param {{ onProgress?: (child: import('node:child_process').ChildProcess) => void }} [options] told once, when the first rows are done
 * @returns {Promise<{ code: number | null, signal: string | null, stdout: string, stderr: string, all?: Record<string, number> }>}
 */
export function runImport(platform, args, { onProgress } = {}) {
  const child = spawn(process.execPath, [entry, 'crm', ...args], {
    env: { ...process.env, PRM_DATA: platform.folder.path, PRM_TOKEN: '' },
  });
  let [stdout, stderr] = ['', ''];
  let told = false;
  child.stdout.on('data', (text) => (stdout += text));
  child.stderr.on('data', (text) => {
    stderr += text;
    if (told || !/\d+ of \d+ rows/.test(stderr)) return;
    told = true;
    onProgress?.(child);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr, ...tallies(stdout) }));
  });
}

/** The table that the importer prints at its end, one object per file and `all`. */
function tallies(stdout) {
  const lines = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
  const files = {};
  for (const [file, rows, created, unchanged, refused, incomplete] of lines) {
    if (/^\d+$/.test(incomplete ?? ''))
      files[file] = {
        rows: Number(rows),
        created: Number(created),
        unchanged: Number(unchanged),
        refused: Number(refused),
        incomplete: Number(incomplete),
      };
  }
  return { files, all: files.all };
}
