import { stages, startTether } from './tethered.mjs';
import { supervise } from './supervise.mjs';
import { turnOver } from './log-file.mjs';

/** Everything has ended within this time; what has not ended by itself is killed then. */
const allIn = 9000;
/** Most that each stage gets. Kafka's first end takes longest: Java then writes its archive of classes. */
const patience = { [stages.gateway]: 1500, [stages.service]: 3000, [stages.broker]: 6000, [stages.postgres]: 1500 };

/**
 * Everything that runs, in one hand: started under supervision, ended in order, ended by the tether when this process dies.
 * @param {{ say: (line: string) => void, changed: (parts: object[]) => void }} options
 */
export function openHouse({ say, changed }) {
  const parts = [];
  const tether = startTether();
  const closing = new AbortController();

  async function endStage(stage, until) {
    const later = stage === stages.postgres ? 0 : patience[stages.postgres];
    const time = Math.max(500, Math.min(patience[stage], until - later - Date.now()));
    await Promise.all(parts.filter((part) => part.stage === stage).map((part) => part.stop(time)));
  }

  return {
    tether,
    /** Aborted when the house closes: whatever still starts gives up. */
    signal: closing.signal,
    parts,
    part: (name) => parts.find((one) => one.name === name) ?? unknown(name, parts),
    async run(description) {
      closing.signal.throwIfAborted();
      turnOver(description.logFile);
      const part = supervise(description, { tether, say, changed: () => changed(parts) });
      parts.push(part);
      await part.start();
      return part;
    },
    async close() {
      closing.abort(new Error('The platform is being stopped.'));
      const until = Date.now() + allIn;
      for (const stage of Object.values(stages).sort((a, b) => a - b)) await endStage(stage, until);
      tether.release();
    },
  };
}

function unknown(name, parts) {
  throw new Error(`Nothing here is called ${name}: ${parts.map((part) => part.name).join(', ')}.`);
}
