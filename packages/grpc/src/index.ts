export * from './client';
export * from './handlers';
export * from './history';
export * from './import-result';
export * from './masks';
export * from './server';
export * from './status';
