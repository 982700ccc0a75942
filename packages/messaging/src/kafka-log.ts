import type { Log } from '@openprm/telemetry';

interface Entry {
  namespace: string;
  level: number;
  log: { message: string; [more: string]: unknown };
}

// What the client reports as errors on a cold broker and at every rebalance, and then recovers from by itself.
const RECOVERS =
  /Limiting retries|Restarting the consumer|coordinator is not available|coordinator is loading|not aware of this member|group is rebalancing|rebalance|not the leader|no leader|leadership election|re-joining|Connection (error|timeout)|Failed to connect|ECONNREFUSED|Closed connection|Response (Heartbeat|JoinGroup|SyncGroup|OffsetCommit|Metadata|FindCoordinator|GroupCoordinator|CreateTopics|DeleteGroups)/i;

const LEVELS: Record<number, 'error' | 'warn' | 'info' | 'debug'> = { 1: 'error', 2: 'warn', 4: 'info', 5: 'debug' };

/** Kafka client messages as lines of ours: its news about itself one level down, what heals by itself only for debugging. */
export function kafkaLog(log: Log): () => (entry: Entry) => void {
  return () =>
    ({ namespace, level, log: { message, error, groupId, topic, partition } }) => {
      const text = `${message} ${typeof error === 'string' ? error : ''}`;
      const lowered = level === 4 || RECOVERS.test(text) ? 'debug' : (LEVELS[level] ?? 'debug');
      log[lowered]({ namespace, error: typeof error === 'string' ? error : undefined, groupId, topic, partition }, `kafka: ${message}`);
    };
}
