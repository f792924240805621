import { cpuUsage } from 'node:process'
import { renderReport } from '../../core/report/html-report.ts'
import { sparkCheck } from '../../core/run/check-sql.ts'
import type { RunHost } from '../run/host.ts'
import { crashSettings } from '../run/crash.ts'
import { judgeMeasured } from '../run/judge.ts'
import type { StartWorkers } from '../run/workers.ts'
import { createProgress, type Progress } from './progress.ts'
import type { World } from './world.ts'

/** The host of a run that shows its progress on stderr. */
export const runHost = (
  world: World,
  startWorkers: StartWorkers,
): { readonly host: RunHost; readonly progress: Progress } => {
  const { clock, isTTY, columns, signal, stderr, env } = world
  const progress = createProgress({ write: stderr, clock, isTTY, columns })
  // A clock that stands still measures no times.
  const timed = env['LAKEWRIGHT_CLOCK'] === undefined
  const host: RunHost = {
    clock,
    signal,
    crash: crashSettings(env),
    startWorkers,
    onEvent: progress.onEvent,
    judge: judgeMeasured,
    checkSql: sparkCheck,
    timed,
    ...(timed ? { processSeconds } : {}),
    report: renderReport,
  }
  return { host, progress }
}

const processSeconds = (): number => {
  const { user, system } = cpuUsage()
  return (user + system) / 1e6
}
