import { Kafka as KafkaBinding, type CloudEvent } from 'cloudevents';
import { toMessage, toReceivedEvent } from './cloud-event';
import type { IncomingMessage } from './broker-port';
import { customerUpdated } from './testing/events';

const partner = '018f3a2e-0000-7000-8000-000000000001';
const row = { ...customerUpdated('c-1', 'Acme', [partner]), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

const received = (changes: Partial<IncomingMessage> = {}): IncomingMessage => ({
  ...toMessage(row),
  partition: 0,
  offset: '7',
  ...changes,
});

test('the CloudEvents library reads our messages as Kafka binary mode', () => {
  const { headers, value, key } = toMessage(row);
  const event = KafkaBinding.toEvent({ headers, body: value, key, value } as never) as CloudEvent<unknown>;
  expect(event).toMatchObject({
    specversion: '1.0',
    id: row.event_id,
    type: 'prm.partnerdirectory.v1.CustomerUpdated',
    source: '/openprm/partnerdirectory',
    subject: 'c-1',
    time: '2026-03-01T10:00:00.000Z',
    datacontenttype: 'application/json',
    audience: partner,
  });
  expect(event.validate()).toBe(true);
  expect(event.data).toEqual(JSON.parse(row.value));
});

test('what we read is what we wrote', () => {
  expect(toReceivedEvent(received())).toMatchObject({
    id: row.event_id,
    type: row.type,
    subject: 'c-1',
    source: '/openprm/partnerdirectory',
    time: row.occurred_at,
    audience: [partner],
    traceparent: row.traceparent,
  });
});

test('an event for the enterprise alone has an empty audience', () => {
  expect(toReceivedEvent({ ...toMessage(customerUpdated('c-1', 'Acme')), partition: 0, offset: '7' }).audience).toEqual([]);
});

test('a message without headers of ours gets an id that stays the same at every reading', () => {
  const foreign = received({ headers: {} });
  expect(toReceivedEvent(foreign).id).toBe(toReceivedEvent(foreign).id);
  expect(toReceivedEvent(foreign).id).not.toBe(toReceivedEvent({ ...foreign, offset: '8' }).id);
  expect(toReceivedEvent(foreign)).toMatchObject({ type: '', audience: [], time: new Date(0) });
});
