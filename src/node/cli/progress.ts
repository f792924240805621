import type { Clock } from '../../core/ports.ts'
import type { RunEvent } from '../run/host.ts'
import { duration, grouped } from './text.ts'

/** Shows how far a run is. */
export interface Progress {
  readonly onEvent: (event: RunEvent) => void
  /** Ends the line that is being drawn. */
  readonly finish: () => void
}

/** Where progress goes and how: a bar that is redrawn on a terminal, lines elsewhere. */
export interface ProgressOptions {
  readonly write: (text: string) => void
  readonly clock: Clock
  readonly isTTY: boolean
  readonly columns: number
}

/**
 * A bar with rate and remaining time on a terminal; elsewhere a line every 10 % or 5 s, whichever comes first. A line for
 * each table when all of its rows are made.
 */
export const createProgress = (options: ProgressOptions): Progress => {
  const { write, clock, isTTY } = options
  let state: State = { expected: 0, done: 0, before: 0, began: clock.now() }
  let told = { at: clock.now(), tenth: 0 }
  let drawn = false

  const tell = (): void => {
    const now = clock.now()
    const tenth = Math.floor(10 * shareOf(state))
    if (isTTY) {
      if (now - told.at < REDRAW && drawn) return
      write(`\r${barLine(state, now, options.columns)}\u001b[K`)
      drawn = true
    } else {
      if (now - state.began < PATIENCE || (tenth === told.tenth && now - told.at < SILENCE)) return
      write(`${plainLine(state, now)}\n`)
    }
    told = { at: now, tenth }
  }

  return {
    onEvent: (event) => {
      switch (event.kind) {
        case 'begun': {
          const { expected, done, resumed, run } = event
          const began = clock.now()
          state = { expected, done, before: done, began }
          told = { at: began, tenth: Math.floor(10 * shareOf(state)) }
          if (resumed) write(`going on with run ${run}\n`)
          return
        }
        case 'rows':
          state = { ...state, done: state.done + event.rows }
          return tell()
        case 'table':
          write(`${drawn ? '\r' : ''}${tableLine(event)}${drawn ? '\u001b[K' : ''}\n`)
          drawn = false
          return
        case 'stage':
          return
      }
    },
    finish: () => {
      if (drawn) write('\r\u001b[K')
      drawn = false
    },
  }
}

interface State {
  readonly expected: number
  readonly done: number
  /** Rows that an earlier attempt has made. */
  readonly before: number
  readonly began: number
}

/** Milliseconds between two drawings of the bar, before the first line, and without a line at most. */
const REDRAW = 100
const PATIENCE = 1000
const SILENCE = 5000

/** The share that is done; an estimate of the rows may be a little low, so it never quite reaches 1. */
const shareOf = ({ expected, done }: State): number =>
  expected === 0 ? 0 : Math.min(0.999, done / expected)

const rateOf = ({ done, before, began }: State, now: number): number =>
  now > began ? (1000 * (done - before)) / (now - began) : 0

const factsOf = (state: State, now: number): string => {
  const rate = rateOf(state, now)
  const left =
    rate === 0 ? '' : `, ${duration(Math.max(0, state.expected - state.done) / rate)} left`
  return `${grouped(state.done)} rows, ${grouped(rate)} rows/s${left}`
}

const tableLine = ({ table, rows }: { readonly table: string; readonly rows: number }): string =>
  `       ${table}: ${grouped(rows)} ${rows === 1 ? 'row' : 'rows'}`

const plainLine = (state: State, now: number): string =>
  `${String(Math.floor(100 * shareOf(state))).padStart(3)} %  ${factsOf(state, now)}`

const barLine = (state: State, now: number, columns: number): string => {
  const facts = ` ${plainLine(state, now)}`
  const width = Math.max(0, Math.min(40, columns - facts.length - 3))
  const full = Math.round(width * shareOf(state))
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}${facts}`.slice(
    0,
    Math.max(20, columns - 1),
  )
}
