import { defineConfig } from 'vitest/config'
import { summaryReporter } from './test/support/summary.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/spark-run.ts'],
    pool: 'forks',
    maxWorkers: 2,
    execArgv: ['--max-old-space-size=1536'],
    // Ten times what a test takes alone: machines are shared.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', summaryReporter()],
  },
})
