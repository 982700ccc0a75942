export * from './currencies';
export * from './decimal';
export * from './google-money';
export * from './money';
export * from './money-error';
export * from './rounding';
