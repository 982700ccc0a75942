import { metrics, type Attributes } from '@opentelemetry/api';

// From a fast statement to a broker that is away; the library's own buckets are made for milliseconds.
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Counts something that happens, e.g. `counter('prm_deals_submitted', 'Deals handed in')(1, { type: 'NEW' })`. */
export function counter(name: string, description: string): (by?: number, attributes?: Attributes) => void {
  const instrument = later(() => metrics.getMeter('openprm').createCounter(name, { description }));
  return (by = 1, attributes) => instrument().add(by, attributes);
}

/** Spread of a quantity; durations are in seconds, as Prometheus has them. */
export function histogram(name: string, description: string, unit = 's'): (value: number, attributes?: Attributes) => void {
  const advice = unit === 's' ? { explicitBucketBoundaries: SECONDS } : {};
  const instrument = later(() => metrics.getMeter('openprm').createHistogram(name, { description, unit, advice }));
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
