import { basename, dirname } from 'node:path';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import { remember } from './running';

const PROBES = ['/healthz', '/readyz'];

/** Starts traces (OTEL_EXPORTER_OTLP_ENDPOINT) and Prometheus metrics (METRICS_PORT), each only when its variable is set. */
export function startTelemetry(env: NodeJS.ProcessEnv = process.env): void {
  const sdk = new NodeSDK({
    serviceName: env['OTEL_SERVICE_NAME'] ?? serviceOf(process.argv[1]),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(samplingRatio(env)) }),
    // An empty list is what keeps the SDK from exporting to its default address.
    spanProcessors: env['OTEL_EXPORTER_OTLP_ENDPOINT'] ? [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })] : [],
    metricReaders: env['METRICS_PORT']
      ? [new PrometheusExporter({ port: Number(env['METRICS_PORT']), host: env['METRICS_HOST'] ?? '0.0.0.0' })]
      : [],
    logRecordProcessors: [],
    instrumentations: instrumentations(),
  });
  sdk.start();
  remember(() => sdk.shutdown());
}

/** Share of traces begun here that are kept, 0 to 1: OTEL_TRACES_SAMPLER_ARG, 0.1 unless set. */
export function samplingRatio(env: NodeJS.ProcessEnv): number {
  const ratio = Number(env['OTEL_TRACES_SAMPLER_ARG'] ?? 0.1);
  return ratio >= 0 && ratio <= 1 ? ratio : 0.1;
}

// No TypeORM instrumentation: pg already shows every statement.
function instrumentations(): NonNullable<ConstructorParameters<typeof NodeSDK>[0]>['instrumentations'] {
  return [
    new HttpInstrumentation({ ignoreIncomingRequestHook: (request) => PROBES.includes(request.url?.split('?')[0] ?? '') }),
    new ExpressInstrumentation(),
    new GrpcInstrumentation({ ignoreGrpcMethods: ['Check', 'Watch', 'ServerReflectionInfo'] }),
    new PgInstrumentation({ requireParentSpan: true }),
    new KafkaJsInstrumentation(),
    new RuntimeNodeInstrumentation(),
  ];
}

/** `services/quoting/dist/main.js` is the service `quoting`. */
const serviceOf = (script: string | undefined): string => (script ? basename(dirname(dirname(script))) : 'openprm');
