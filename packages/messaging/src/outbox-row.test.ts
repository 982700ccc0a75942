import { context, propagation, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { Customer, CustomerUpdated, PartnerCreated } from '@openprm/contracts/partnerdirectory';
import { newId } from '@openprm/postgres';
import { eventTypes, topics } from './catalog';
import { toOutboxRow } from './outbox-row';
import { customerUpdated } from './testing/events';

const options = { audience: [], now: new Date('2026-03-01T10:00:00Z'), newId };

test('topic, key and subject come from the options of the event message', () => {
  const row = customerUpdated('c-1', 'Acme', ['018f3a2e-0000-7000-8000-000000000001']);
  expect(row).toMatchObject({
    topic: 'prm.partnerdirectory.v1.customer',
    key: 'c-1',
    subject: 'c-1',
    type: 'prm.partnerdirectory.v1.CustomerUpdated',
    audience: ['018f3a2e-0000-7000-8000-000000000001'],
    occurred_at: options.now,
  });
});

test('the value is canonical JSON: every field is there, also when it is empty', () => {
  const { customer } = JSON.parse(customerUpdated('c-1', 'Acme').value) as { customer: Record<string, unknown> };
  expect(customer).toMatchObject({ id: 'c-1', name: 'Acme', website: '' });
  expect(CustomerUpdated.fromJSON({ customer }).customer).toEqual(Customer.fromPartial({ id: 'c-1', name: 'Acme' }));
});

test('an event without its key is a mistake of the writer', () => {
  expect(() => toOutboxRow(PartnerCreated, PartnerCreated.fromPartial({}), options)).toThrow('PartnerCreated lacks its key partner.id');
});

test('a message that is no event is refused', () => {
  expect(() => toOutboxRow(Customer, Customer.fromPartial({ id: 'c-1' }), options)).toThrow('is not an event');
});

test('the row keeps the trace in which it was written', () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED };
  const row = context.with(trace.setSpanContext(context.active(), span), () => customerUpdated('c-1', 'Acme'));
  expect(row.traceparent).toBe('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  expect(customerUpdated('c-1', 'Acme').traceparent).toBeNull();
});

test('every event of the contracts goes to a topic of its own area and names a key that exists', () => {
  for (const event of eventTypes()) {
    expect(event.topic.split('.').slice(0, 3)).toEqual(event.type.split('.').slice(0, 3));
    expect(event.keyPath.length).toBeGreaterThan(0);
  }
});

test('all events of a topic agree on compaction', () => {
  for (const { topic, types } of topics()) {
    const kinds = new Set(
      eventTypes()
        .filter((event) => types.includes(event.type))
        .map((event) => event.compacted),
    );
    expect({ topic, kinds: kinds.size }).toEqual({ topic, kinds: 1 });
  }
});
