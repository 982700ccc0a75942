export * from './migrate';
export * from './process';
export * from './service';
export * from './settings';
export * from './timers';
