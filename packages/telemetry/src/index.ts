export * from './logger';
export * from './metrics';
export { stopTelemetry } from './running';
export { activeTraceparent } from './trace';
