import type { Log } from '@openprm/telemetry';
import type { Broker } from './broker-port';
import { connectEmbedded } from './embedded';
import { connectKafka, type KafkaSecurity } from './kafka';

export interface BrokerOptions {
  /** Addresses separated by commas. */
  kafkaBrokers?: string | undefined;
  /** Database of the embedded bus, used where there is no Kafka. */
  busDatabaseUrl?: string | undefined;
  clientId: string;
  log: Log;
  security?: KafkaSecurity;
}

/** Kafka when brokers are named, else the embedded bus. Connects when first used, so that a service starts while it is down. */
export function connectBroker({ kafkaBrokers, busDatabaseUrl, clientId, log, security }: BrokerOptions): Broker {
  if (kafkaBrokers)
    return connectKafka({ brokers: kafkaBrokers.split(',').map((each) => each.trim()), clientId, log, ...(security && { security }) });
  if (busDatabaseUrl) return connectEmbedded({ url: busDatabaseUrl, clientId, log });
  throw new Error('Set KAFKA_BROKERS to the addresses of a Kafka cluster, or BUS_DATABASE_URL to a database for the embedded bus.');
}
