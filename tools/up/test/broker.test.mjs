import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { givenFolder, givenProgram } from './given.mjs';

const folder = givenFolder();

afterAll(() => folder.remove());

/** What is chosen where only these programs are on the path. */
async function chosenWith(programs, wish = 'auto') {
  const bin = mkdtempSync(join(folder.path, 'bin-'));
  for (const [program, script] of Object.entries(programs)) {
    writeFileSync(join(bin, program), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, program), 0o755);
  }
  const { text } = await givenProgram('tools/up/test/choose-broker.mjs', [folder.path, wish], { PATH: bin }).ended;
  return text.trim();
}

test('where the engine of Docker answers, Kafka runs in Docker', async () => {
  expect(await chosenWith({ docker: 'exit 0' })).toBe('kafka: Kafka in Docker');
});

test('an image that cannot be fetched is no reason to stop', async () => {
  const docker = 'case "$1" in version) exit 0;; *) echo "no such image" >&2; exit 1;; esac';
  expect(await chosenWith({ docker })).toMatch(/^embedded: .*no such image/);
});

test('without Docker and Java the bus on PostgreSQL serves, and it is said why', async () => {
  expect(await chosenWith({})).toBe('embedded: embedded bus on PostgreSQL (no Kafka: no docker on the path; no java on the path)');
});

test('an engine that does not answer and a Java that is too old are named', async () => {
  const programs = { docker: 'exit 1', java: `echo 'openjdk version "11.0.2"' >&2` };
  expect(await chosenWith(programs)).toMatch(/Docker's engine does not answer; Java 11.0.2 is older than 17/);
});

test('a broker that was asked for and cannot be had is refused with the fix', async () => {
  const refusal = 'Refusal: PRM_BROKER=java cannot be had: no java on the path. Mend that, or choose PRM_BROKER=embedded.';
  expect(await chosenWith({}, 'java')).toBe(refusal);
});

test('the embedded bus that was asked for needs no reason', async () => {
  expect(await chosenWith({}, 'embedded')).toBe('embedded: embedded bus on PostgreSQL');
});
