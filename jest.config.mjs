/** @type {import('jest').Config} */
export default {
  testMatch: ['**/*.test.ts', '**/*.test.mjs'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.data/', '/tools/[^/]+/platform/'],
  modulePathIgnorePatterns: ['<rootDir>/.data/', '/dist/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024', keepClassNames: true },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^@openprm/contracts/([a-z0-9]+)$': '<rootDir>/packages/contracts/src/gen/index.prm.$1.v1.ts',
    '^@openprm/([a-z-]+)$': '<rootDir>/packages/$1/src/index.ts',
  },
  globalSetup: '<rootDir>/tools/test/global-setup.mjs',
  globalTeardown: '<rootDir>/tools/test/global-teardown.mjs',
  testTimeout: 60_000,
  maxWorkers: 2,
};
