import { appendFileSync } from 'node:fs'

/** Hears of a step that changes the disk, before and after it; may end the process. */
export type CrashPoint = (point: string, moment: 'before' | 'after') => void

/** What the variables of the environment ask for; strings only, so that a worker thread can be given them. */
export interface CrashSettings {
  /** `<point>:<before|after>`: the process kills itself there. */
  readonly at: string | undefined
  /** A file to which the name of every point is appended. */
  readonly log: string | undefined
}

/** Reads LAKEWRIGHT_CRASH_AT and LAKEWRIGHT_CRASH_LOG. */
export const crashSettings = (
  env: Readonly<Record<string, string | undefined>>,
): CrashSettings => ({
  at: env['LAKEWRIGHT_CRASH_AT'],
  log: env['LAKEWRIGHT_CRASH_LOG'],
})

/** The crash point that the settings ask for; undefined when they ask for nothing. */
export const crashPoint = ({ at, log }: CrashSettings): CrashPoint | undefined => {
  if (at === undefined && log === undefined) return undefined
  return (point, moment) => {
    if (log !== undefined && moment === 'before') appendFileSync(log, `${point}\n`)
    if (`${point}:${moment}` === at) process.kill(process.pid, 'SIGKILL')
  }
}
