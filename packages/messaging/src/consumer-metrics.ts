import { counter, histogram } from '@openprm/telemetry';

export const consumed = counter('prm_consumer_events', 'Events by consumer and outcome: applied, refused, failed');
export const restarts = counter('prm_consumer_restarts', 'Consumers restarted because they hung');
export const consumerDelay = histogram('prm_consumer_delay', 'From the change to its effect at the consumer');
