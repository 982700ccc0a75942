import { stages, startTether } from './tethered.mjs';
import { supervise } from './supervise.mjs';
import { turnOver } from './log-file.mjs';

/** Most that each stage gets to end by itself; together under ten seconds. */
const patience = { [stages.gateway]: 1500, [stages.service]: 3000, [stages.broker]: 3500, [stages.postgres]: 1500 };

/**
 * Everything that runs, in one hand: started under supervision, ended in order, ended by the tether when this process dies.
 * @param {{ say: (line: string) => void, changed: (parts: object[]) => void }} options
 */
export function openHouse({ say, changed }) {
  const parts = [];
  const tether = startTether();
  const closing = new AbortController();

  async function endStage(stage) {
    await Promise.all(parts.filter((part) => part.stage === stage).map((part) => part.stop(patience[stage])));
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
      for (const stage of Object.values(stages).sort((a, b) => a - b)) await endStage(stage);
      tether.release();
    },
  };
}

function unknown(name, parts) {
  throw new Error(`Nothing here is called ${name}: ${parts.map((part) => part.name).join(', ')}.`);
}
