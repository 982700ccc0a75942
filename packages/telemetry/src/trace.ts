import { context, propagation } from '@opentelemetry/api';

/** W3C `traceparent` of the work in hand; undefined while tracing is off. */
export function activeTraceparent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}
