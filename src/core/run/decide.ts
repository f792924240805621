import { unreachable } from '../errors.ts'
import type { FileOptions, RunKind } from './spec.ts'

/** What `generate` is to do with what is there; without a mode it refuses to touch anything. */
export const MODES = ['overwrite', 'append', 'merge', 'resume'] as const
export type Mode = (typeof MODES)[number]

/** What a merge does with files in a table that Lakewright did not write: refuse to begin, or leave them as they are. */
export const FOREIGN_RULES = ['fail', 'keep'] as const
export type ForeignRule = (typeof FOREIGN_RULES)[number]

/** What was found at a run's target. */
export interface Found {
  /** The dataset: none, one of ours with what it was made by, or a folder that is not ours. */
  readonly dataset:
    | { readonly kind: 'none' }
    | {
        readonly kind: 'ours'
        readonly fingerprint: string
        readonly format: FileOptions['format']
      }
    | { readonly kind: 'foreign' }
  /** The unfinished run on the dataset, if there is one. */
  readonly unfinished: { readonly id: string; readonly fingerprint: string } | undefined
}

/** What is asked for. */
export interface Asked {
  readonly mode: Mode | undefined
  readonly fingerprint: string
  readonly format: FileOptions['format']
}

/** What a run may do: begin, go on with an earlier run, nothing because it is done, or stop for a reason. */
export type Decision =
  | { readonly kind: 'begin'; readonly run: RunKind }
  | { readonly kind: 'resume'; readonly id: string }
  | { readonly kind: 'complete' }
  | {
      readonly kind: 'refuse'
      readonly reason:
        'exists' | 'foreign' | 'differs' | 'format' | 'unfinished' | 'otherUnfinished'
      readonly id?: string
    }

/** Decides what a run does with what is there; an unfinished run comes before anything else. */
export const decide = (asked: Asked, { dataset, unfinished }: Found): Decision => {
  if (unfinished !== undefined) {
    const { id } = unfinished
    if (unfinished.fingerprint !== asked.fingerprint) return refuse('otherUnfinished', id)
    return asked.mode === 'resume' ? { kind: 'resume', id } : refuse('unfinished', id)
  }
  if (dataset.kind === 'none') return { kind: 'begin', run: 'create' }
  if (dataset.kind === 'foreign') return refuse('foreign')
  const same = dataset.fingerprint === asked.fingerprint
  switch (asked.mode) {
    case undefined:
      return refuse('exists')
    case 'resume':
      return same ? { kind: 'complete' } : refuse('differs')
    case 'append':
    case 'merge':
      return dataset.format === asked.format ? { kind: 'begin', run: asked.mode } : refuse('format')
    case 'overwrite':
      return { kind: 'begin', run: 'overwrite' }
    default:
      return unreachable(asked.mode)
  }
}

const refuse = (
  reason: Extract<Decision, { readonly kind: 'refuse' }>['reason'],
  id?: string,
): Decision => ({ kind: 'refuse', reason, ...(id === undefined ? {} : { id }) })
