import type { Journal } from '../../core/ports.ts'
import type { CrashPoint } from './crash.ts'

/** A journal that announces what it writes as `journal:<add|note|end> <what>`; the journal itself without crash points. */
export const announcedJournal = (journal: Journal, crash: CrashPoint | undefined): Journal => {
  if (crash === undefined) return journal
  const around = async <T>(point: string, work: () => Promise<T>): Promise<T> => {
    crash(`journal:${point}`, 'before')
    const result = await work()
    crash(`journal:${point}`, 'after')
    return result
  }
  return {
    ...journal,
    add: (run) => around('add', () => journal.add(run)),
    end: (id, state, at) => around(`end ${state}`, () => journal.end(id, state, at)),
    note: (run, step) => around(`note ${step.name}`, () => journal.note(run, step)),
  }
}
