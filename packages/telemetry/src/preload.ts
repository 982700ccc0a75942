// For `node --require @openprm/telemetry/dist/preload.js dist/main.js`: libraries have to be instrumented before they are
// loaded. The SDK costs 0.4 s and 36 MB, hence nothing is loaded unless asked for.
if (process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] || process.env['METRICS_PORT']) {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it always, a dynamic one too late
  (require('./start') as typeof import('./start')).startTelemetry();
}
