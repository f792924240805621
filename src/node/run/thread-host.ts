import { readFileSync } from 'node:fs'
import { cpuUsage } from 'node:process'
import { createRowSource } from '../../core/run/engines.ts'
import type { LateRowSource, RowSource } from '../../core/run/row-source.ts'
import { noMeasures } from '../../core/run/measuring.ts'
import type { Compression, EngineName } from '../../core/run/spec.ts'
import { loadCodec } from '../store/codecs.ts'
import { crashPoint, type CrashSettings } from './crash.ts'
import { duckDbRows } from './duckdb-rows.ts'
import { createThreadKernel } from './kernel-host.ts'
import { measuresCountedBy } from './measures.ts'
import type { PartHost } from './part.ts'
import { createSpeedProbe } from './speed-probe.ts'

/** What decides what a thread makes parts with; survives the way to a worker thread. */
export interface ThreadSettings {
  readonly engine: EngineName
  readonly compression: Compression
  readonly crash: CrashSettings
}

/** The means of this thread: kernel, encoder memory and codec, made once and used for every part; `taken` are its sources. */
export const createThreadHost = async (
  { engine, compression, crash }: ThreadSettings,
  onRows: (rows: number) => void,
  taken: (source: RowSource) => LateRowSource = (source) => source,
): Promise<PartHost> => {
  const { host, encoderTools, countRates, recycle } = createThreadKernel()
  return {
    source:
      engine === 'duckdb'
        ? await duckDbRows(host)
        : (plan, request) => taken(createRowSource(plan, request, host)),
    parquet: { encoderTools, codec: await loadCodec(compression) },
    // The interpreter's words are not codes of a dictionary, which is what promises are measured on.
    measure: engine === 'interpreter' ? noMeasures : measuresCountedBy(countRates),
    crash: crashPoint(crash),
    // DuckDB works on threads of its own.
    cpuSeconds: engine === 'duckdb' ? processSeconds : threadSeconds,
    speed: createSpeedProbe(),
    recycle,
    onRows,
  }
}

const NOTHING = new Int32Array(new SharedArrayBuffer(4))

/** Processor seconds of this thread, by Linux's scheduler; elsewhere of the whole process. */
const threadSeconds = (): number => {
  // The scheduler counts a slice when it ends, up to 4 ms late, unless the thread sleeps; less than this may not be sleep.
  Atomics.wait(NOTHING, 0, 0, 0.1)
  try {
    const [nanoseconds = ''] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')
    return Number(nanoseconds) / 1e9
  } catch {
    return processSeconds()
  }
}

const processSeconds = (): number => {
  const { user, system } = cpuUsage()
  return (user + system) / 1e6
}
