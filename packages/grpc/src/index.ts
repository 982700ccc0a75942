export * from './client';
export * from './handlers';
export * from './server';
export * from './status';
