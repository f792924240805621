import { runCli } from '../../src/node/cli/run-cli.ts'
import type { World } from '../../src/node/cli/world.ts'
import { inlineWorkers } from '../../src/node/run/workers.ts'

/** What a command line gave. */
export interface Called {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command line within the test: a still clock, no terminal, workers on the test's own thread. */
export const call = async (
  args: readonly string[],
  parts: Partial<World> & Pick<World, 'cwd'>,
): Promise<Called> => {
  let stdout = ''
  let stderr = ''
  const world: World = {
    stdout: (text) => {
      stdout += text
    },
    stderr: (text) => {
      stderr += text
    },
    env: {},
    clock: { now: () => 1_700_000_000_000 },
    isTTY: false,
    columns: 80,
    signal: new AbortController().signal,
    workers: async () => inlineWorkers,
    ...parts,
  }
  const code = await runCli(args, { world, version: () => '1.2.3' })
  return { code, stdout, stderr }
}
