import { fileURLToPath } from 'node:url';

/** Tests run on what was built: the same files that `npm start` runs, so no transform and no second resolver. */
export default {
  rootDir: fileURLToPath(new URL('../../dist', import.meta.url)),
  testEnvironment: 'node',
  testMatch: ['**/*.spec.js'],
  transform: {},
  testTimeout: 30_000,
  maxWorkers: 2,
  // One line a file, then the summary.
  verbose: false,
  globalSetup: fileURLToPath(new URL('own-temp.mjs', import.meta.url)),
  globalTeardown: fileURLToPath(new URL('nothing-left.mjs', import.meta.url)),
};
