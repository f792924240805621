import type { Reporter, TestModule } from 'vitest/node'

/** Vitest reporter whose last line is `N passed, N failed` (and `, N skipped`), for people and for CI to read. */
export const summaryReporter = (): Reporter => ({
  onTestRunEnd(modules, unhandledErrors) {
    const states = modules.flatMap(testStates)
    const count = (state: string): number => states.filter((each) => each === state).length
    const failed = count('failed') + unhandledErrors.length
    const skipped = count('skipped')
    const tail = skipped === 0 ? '' : `, ${skipped} skipped`
    process.stdout.write(`${count('passed')} passed, ${failed} failed${tail}\n`)
  },
})

const testStates = (module: TestModule): string[] => {
  const states = Array.from(module.children.allTests(), (test) => test.result().state)
  const broken =
    module.errors().length > 0 || (module.state() === 'failed' && !states.includes('failed'))
  return broken ? [...states, 'failed'] : states
}
