const swc = [
  '@swc/jest',
  {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
    module: { type: 'es6' },
  },
]
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': swc },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.samfony/'],
}

/** `unit` needs nothing but Node; `stack` starts one PostgreSQL and one Temporal for the whole run (dev/test-globals.mjs); `browser` builds the panel too and needs a Chromium. */
export default {
  testTimeout: 150_000,
  maxWorkers: 2,
  forceExit: true, // a handle that a failed test left open must not hold the whole run
  reporters: ['default', '<rootDir>/dev/count-reporter.mjs'],
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/tests/', '<rootDir>/web/browser/', '\\.stack\\.test\\.ts$'],
    },
    {
      ...shared,
      displayName: 'stack',
      testMatch: ['<rootDir>/tests/**/*.test.ts', '<rootDir>/**/*.stack.test.ts'],
      globalSetup: '<rootDir>/dev/test-globals.mjs',
      globalTeardown: '<rootDir>/dev/test-teardown.mjs',
    },
    {
      ...shared,
      displayName: 'browser',
      testMatch: ['<rootDir>/web/browser/**/*.test.ts'],
      globalSetup: '<rootDir>/dev/browser-globals.mjs',
      globalTeardown: '<rootDir>/dev/test-teardown.mjs',
    },
  ],
}
