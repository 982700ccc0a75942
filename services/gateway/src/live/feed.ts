import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { toReceivedEvent, topics, type Batch, type Broker, type Subscription } from '@openprm/messaging';
import type { Log } from '@openprm/telemetry';
import type { Hub } from './hub';
import { toAnnouncement } from './live-event';

export interface Feed {
  stop(): Promise<void>;
}

/**
 * Feeds the hub from the broker. Every gateway process hears every event, hence a group of its own per process, from now on only.
 * The broker may be away: streams stay open and go on when it is back.
 */
export function startFeed(broker: Broker, hub: Hub, log: Log): Feed {
  const group = `gateway.live.${randomUUID()}`;
  const stopping = new AbortController();
  const subscribed = subscribe(broker, group, hub, log, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      const subscription = await subscribed;
      await subscription?.stop();
      await broker.resetGroup(group).catch(() => {});
    },
  };
}

async function subscribe(broker: Broker, group: string, hub: Hub, log: Log, signal: AbortSignal): Promise<Subscription | undefined> {
  while (!signal.aborted) {
    try {
      await broker.ensureTopics();
      return await broker.subscribe({
        group,
        topics: topics().map(({ topic }) => topic),
        fromBeginning: false,
        handle: (batch) => announce(batch, hub),
      });
    } catch (error) {
      log.warn({ error }, 'live updates wait for the broker');
      await delay(1_000, undefined, { signal }).catch(() => {});
    }
  }
  return undefined;
}

async function announce(batch: Batch, hub: Hub): Promise<void> {
  for (const message of batch.messages) {
    await hub.announce(toAnnouncement(toReceivedEvent(message)));
    batch.done(message);
  }
}
