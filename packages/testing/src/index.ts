export * from './database';
export * from './issuer';
export * from './service';
export * from './plans';
