import { Writable } from 'node:stream';
import { TraceFlags, context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { logger } from './logger';
import { samplingRatio } from './start';

/** What was logged, as objects. */
function recorded(): { lines: Record<string, unknown>[]; stream: Writable } {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  return { lines, stream };
}

test('a line says when, which service, how bad and what', () => {
  const { lines, stream } = recorded();
  logger('quoting', stream).info({ quote: 'q-1' }, 'priced');
  expect(lines).toEqual([
    { level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/) as string, service: 'quoting', quote: 'q-1', msg: 'priced' },
  ]);
});

test('a line written within a trace names it', () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  const { lines, stream } = recorded();
  const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED };
  context.with(trace.setSpanContext(context.active(), span), () => logger('quoting', stream).info('priced'));
  expect(lines[0]).toMatchObject({ trace_id: span.traceId, span_id: span.spanId });
});

test('an error of the database is logged without its statement, parameters and row', () => {
  const { lines, stream } = recorded();
  const error = Object.assign(new Error('duplicate key'), {
    code: '23505',
    constraint: 'partners_name',
    detail: 'Key (name)=(Acme)',
    query: 'insert …',
    parameters: ['Acme'],
  });
  logger('quoting', stream).error({ err: error }, 'failed');
  expect(lines[0]).toMatchObject({ err: { type: 'Error', message: 'duplicate key', code: '23505', constraint: 'partners_name' } });
  expect(JSON.stringify(lines)).not.toContain('Acme');
});

test('fields that usually hold personal data are blanked out', () => {
  const { lines, stream } = recorded();
  logger('quoting', stream).info({ email: 'ann@partner.example', caller: { token: 'eyJ' } }, 'signed in');
  expect(lines[0]).toMatchObject({ email: '[removed]', caller: { token: '[removed]' } });
});

test.each([
  [undefined, 0.1],
  ['0', 0],
  ['1', 1],
  ['0.25', 0.25],
  ['lots', 0.1],
  ['7', 0.1],
])('of a sampling share of %s the service keeps %d', (asked, ratio) => {
  expect(samplingRatio(asked === undefined ? {} : { OTEL_TRACES_SAMPLER_ARG: asked })).toBe(ratio);
});
