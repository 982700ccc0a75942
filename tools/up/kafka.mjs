// Real Kafka on Java: one KRaft node, its jars fetched by Maven once.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFrom, sizeOf, spawnLogged } from './log-file.mjs';
import { freePort } from './ports.mjs';
import { until } from './ready.mjs';
import { Refusal } from './refusal.mjs';
import { runTool } from './run-tool.mjs';
import { stages } from './tethered.mjs';

const folder = fileURLToPath(new URL('../../deploy/kafka/', import.meta.url));
const pom = join(folder, 'pom.xml');
const classpathFile = join(folder, 'classpath.txt');
const usualPort = 19092;
const heap = ['-Xms128m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.awt.headless=true'];

/** Why real Kafka cannot be run with Java here; undefined when it can. */
export async function missingForKafka() {
  const version = await javaVersion();
  if (!version) return 'no java on the path';
  if (Number.parseInt(version, 10) < 17) return `Java ${version} is older than 17`;
  if (existsSync(classpathFile)) return undefined;
  const maven = await runTool('mvn', ['-v']).catch(() => undefined);
  return maven?.code === 0 ? undefined : 'no mvn on the path';
}

async function javaVersion() {
  const java = await runTool('java', ['-version']).catch(() => undefined);
  return /version "([^"]+)"/.exec(java?.stderr)?.[1];
}

/** @param {{ dataDir: string, logFile: string, port?: number, say?: (line: string) => void, tether?: object, signal?: AbortSignal, durable?: boolean }} options */
export async function prepareKafka({ dataDir, logFile, port, say = () => {}, tether, signal, durable = true }) {
  const classpath = await resolveClasspath({ say, tether, signal });
  const archive = join(folder, `classes-${await javaVersion()}-${createHash('sha256').update(classpath).digest('hex').slice(0, 8)}.jsa`);
  const chosen = await freePort(port ?? usualPort);
  const configuration = `${dataDir}.properties`;
  mkdirSync(dirname(dataDir), { recursive: true });
  writeFileSync(configuration, properties(dataDir, chosen, await freePort()));
  if (!existsSync(join(dataDir, 'meta.properties'))) await format(classpath, configuration, { tether, signal });
  let logFrom = 0;
  return {
    name: 'kafka',
    stage: stages.broker,
    logFile,
    brokers: `127.0.0.1:${chosen}`,
    launch: () => {
      logFrom = sizeOf(logFile);
      return keepingArchive(archive, durable, (flags) =>
        spawnLogged(
          'java',
          [
            ...heap,
            ...flags,
            `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`,
            '-cp',
            classpath,
            'kafka.Kafka',
            configuration,
          ],
          { logFile },
        ),
      );
    },
    ready: (child, ended) => until(() => readFrom(logFile, logFrom).includes('Kafka Server started'), { ended, every: 30 }),
  };
}

/** Maven takes seconds even when it has everything, so its answer is kept until pom.xml changes or a jar is gone. */
async function resolveClasspath({ say, tether, signal }) {
  const kept =
    existsSync(classpathFile) && statSync(classpathFile).mtimeMs >= statSync(pom).mtimeMs
      ? readFileSync(classpathFile, 'utf8').trim()
      : undefined;
  if (kept?.split(delimiter).every(existsSync)) return kept;
  say('Fetching Kafka with Maven (once; about a minute) …');
  const draft = `${classpathFile}.${process.pid}`;
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.7.1:build-classpath';
  const made = await runTool('mvn', ['-q', '-B', '-f', pom, goal, `-Dmdep.outputFile=${draft}`], { tether, signal });
  if (made.code !== 0) throw new Refusal(`Maven could not fetch Kafka: ${/\[ERROR\] (.*)/.exec(made.stdout)?.[1] ?? 'no message'}`);
  renameSync(draft, classpathFile);
  return readFileSync(classpathFile, 'utf8').trim();
}

function properties(dataDir, port, controllerPort) {
  const ours = {
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'log.dirs': dataDir.replaceAll('\\', '/'),
  };
  const lines = readFileSync(join(folder, 'server.properties'), 'utf8').split('\n');
  return lines
    .filter((line) => !(line.split('=')[0] in ours))
    .concat(Object.entries(ours).map((pair) => pair.join('=')))
    .join('\n');
}

async function format(classpath, configuration, tools) {
  const storage = (...args) =>
    runTool(
      'java',
      [...heap, `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`, '-cp', classpath, 'kafka.tools.StorageTool', ...args],
      tools,
    );
  // Any 16 bytes will do as the cluster's id; asking StorageTool for one costs another second.
  const id = randomBytes(16).toString('base64url');
  const made = await storage('format', '--ignore-formatted', `--cluster-id=${id}`, '-c', configuration);
  if (made.code !== 0) throw new Refusal(`Kafka could not make its folder: ${made.stderr.trim().split('\n').at(-1)}`);
}

/**
 * Java writes an archive of the loaded classes at the end of a first run; with it every later start in this checkout takes half the time.
 * Writing takes seconds, so runs that are thrown away only use one.
 */
function keepingArchive(file, mayWrite, launch) {
  const quiet = ['-Xlog:cds=off', '-Xlog:cds+dynamic=off', '-Xshare:auto'];
  if (existsSync(file)) return launch([`-XX:SharedArchiveFile=${file}`, ...quiet]);
  if (!mayWrite) return launch(quiet);
  const draft = `${file}.${process.pid}`;
  const child = launch([`-XX:ArchiveClassesAtExit=${draft}`, ...quiet]);
  // Java's exit code after SIGTERM; an archive cut short by SIGKILL is of no use.
  child.once('exit', (code) => {
    if (code === 143 && existsSync(draft)) renameSync(draft, file);
    rmSync(draft, { force: true });
  });
  return child;
}
