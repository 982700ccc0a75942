import type { Topic } from './catalog';

export interface OutgoingMessage {
  topic: string;
  key: string;
  value: string;
  headers: Record<string, string>;
}

export interface IncomingMessage {
  topic: string;
  partition: number;
  offset: string;
  key: string | null;
  value: string | null;
  headers: Record<string, string>;
}

/** Consecutive messages of one partition. */
export interface Batch {
  topic: string;
  partition: number;
  messages: IncomingMessage[];
  /** Everything up to and including this message is done and need not come again. */
  done(message: IncomingMessage): void;
  /** False once the subscription is stopping or the partition has gone to another member. */
  isLive(): boolean;
}

export interface SubscribeOptions {
  group: string;
  topics: string[];
  /** Where a group starts that has read nothing yet. */
  fromBeginning: boolean;
  /** When it throws, what is not done comes again after a growing pause while other partitions go on. */
  handle(batch: Batch): Promise<void>;
}

export interface Subscription {
  /** Messages still to be read in the partitions that this member holds. */
  lag(): Promise<number>;
  /** Leaves the group after the work in hand, or without it when that takes longer than `graceMs`, 8 s unless set. */
  stop(graceMs?: number): Promise<void>;
}

/** The message broker as services see it: messages with a key stay in order, groups share the work and remember their place. */
export interface Broker {
  publish(messages: OutgoingMessage[]): Promise<void>;
  /** Creates what is missing; all topics of the contracts unless some are named. */
  ensureTopics(topics?: Topic[]): Promise<void>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Makes the group start anew. Throws GroupBusyError while it has members. */
  resetGroup(group: string): Promise<void>;
  /** Messages that the group has still to read. */
  lag(group: string, topics: string[]): Promise<number>;
  close(): Promise<void>;
}

export const STOP_WITHIN = 8_000;
