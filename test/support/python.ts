import { spawnSync } from 'node:child_process'

/** Some extension modules abort while the interpreter shuts down, when their own threads still run. */
const LEAVE_AT_ONCE = `
import os as _os, sys as _sys
_sys.stdout.flush()
_os._exit(0)
`

/** A Python program's arguments and what it reads on stdin. */
export interface PythonInput {
  readonly args?: readonly string[]
  readonly input?: string
}

/** What a Python program prints; throws what it says when it fails. */
export const runPython = (
  python: string,
  program: string,
  { args = [], input = '' }: PythonInput = {},
): string => {
  const { status, signal, stdout, stderr } = spawnSync(
    python,
    ['-c', `${program}\n${LEAVE_AT_ONCE}`, ...args],
    { input, encoding: 'utf8', timeout: 230_000, maxBuffer: 2 ** 29 },
  )
  if (status !== 0) throw new Error(`Python ended with ${status ?? signal}: ${stderr}`)
  return stdout
}
