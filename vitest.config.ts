import { defineConfig } from 'vitest/config'
import { summaryReporter } from './test/support/summary.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    execArgv: ['--max-old-space-size=1536'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', summaryReporter()],
  },
})
