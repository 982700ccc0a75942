import base from './jest.config.mjs';

/** The whole platform, started for real: one file after the other. */
export default {
  ...base,
  testMatch: ['<rootDir>/tools/*/platform/**/*.test.{ts,mjs}'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  testTimeout: 180_000,
  maxWorkers: 1,
};
