import { defineConfig } from 'vitest/config'

/** Suites that start browsers, kill hubs or load the machine run after the others, one file at a time. */
const heavy = ['tests/browser/**/*.test.ts', 'tests/faults/**/*.test.ts', 'tests/bench/**/*.test.ts']

export default defineConfig({
  test: {
    globalSetup: ['tests/setup/global.ts'],
    // The report is what .ci/run counts.
    reporters: process.env['CI'] === 'true' ? ['default', ['json', { outputFile: '.cache/test-report.json' }]] : ['default'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['tests/**/*.test.{ts,tsx}'],
          exclude: [...heavy, '**/node_modules/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'heavy',
          include: heavy,
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
