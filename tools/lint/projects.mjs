// Boundaries between projects, read from the nx graph: a service never reaches another service; packages never reach services.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const MAY_REACH = {
  'type:package': ['type:package'],
  'type:testing': ['type:package'],
  'type:service': ['type:package', 'type:testing'],
  'type:tool': ['type:package', 'type:testing'],
};

/** Sentences about the edges that are not allowed; empty when all are. `graph` is the `graph` member of `nx graph --file`. */
export function violations(graph) {
  const typeOf = (name) => graph.nodes[name]?.data.tags?.find((tag) => tag.startsWith('type:'));
  return Object.values(graph.dependencies)
    .flat()
    .filter(({ source, target }) => graph.nodes[source] && graph.nodes[target])
    .filter(({ source, target }) => !(MAY_REACH[typeOf(source)] ?? []).includes(typeOf(target)))
    .map(
      ({ source, target }) =>
        `${source} (${typeOf(source) ?? 'no type tag'}) must not depend on ${target} (${typeOf(target) ?? 'no type tag'}).`,
    );
}

export function readGraph() {
  const folder = mkdtempSync(join(tmpdir(), 'openprm-graph-'));
  const file = join(folder, 'graph.json');
  try {
    execFileSync('node', ['node_modules/nx/dist/bin/nx.js', 'graph', `--file=${file}`], {
      stdio: 'pipe',
      env: { ...process.env, NX_DAEMON: 'false' },
    });
    return JSON.parse(readFileSync(file, 'utf8')).graph;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = violations(readGraph());
  for (const line of found) console.error(line);
  process.exit(found.length > 0 ? 1 : 0);
}
