import { metrics, type Attributes } from '@opentelemetry/api';

/** Counts something that happens, e.g. `counter('prm_deals_submitted', 'Deals handed in')(1, { type: 'NEW' })`. */
export function counter(name: string, description: string): (by?: number, attributes?: Attributes) => void {
  const instrument = later(() => metrics.getMeter('openprm').createCounter(name, { description }));
  return (by = 1, attributes) => instrument().add(by, attributes);
}

/** Spread of a quantity; durations are in seconds, as Prometheus has them. */
export function histogram(name: string, description: string, unit = 's'): (value: number, attributes?: Attributes) => void {
  const instrument = later(() => metrics.getMeter('openprm').createHistogram(name, { description, unit }));
  return (value, attributes) => instrument().record(value, attributes);
}

/** Size of something at the moment it is asked for. */
export function gauge(name: string, description: string, read: () => number): void {
  metrics
    .getMeter('openprm')
    .createObservableGauge(name, { description })
    .addCallback((result) => result.observe(read()));
}

// The first use may come before any meter provider is there; made then, an instrument would stay silent for ever.
function later<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
