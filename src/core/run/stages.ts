import { unreachable } from '../errors.ts'
import type { Part } from './parts.ts'
import type { FileOptions, PublishWay } from './spec.ts'

/** One stage of a run, as data: the same list is executed, explained and shown. */
export type Stage =
  | { readonly kind: 'check'; readonly target: string }
  | { readonly kind: 'lock'; readonly dataset: string }
  | { readonly kind: 'journal'; readonly dataset: string }
  | { readonly kind: 'generate'; readonly part: Part }
  | { readonly kind: 'commit'; readonly tables: readonly string[] }
  | { readonly kind: 'manifest' }
  | { readonly kind: 'report' }
  | { readonly kind: 'publish'; readonly way: PublishWay }
  | { readonly kind: 'checkpoint' }

/** What decides a run's stages. */
export interface StageInputs {
  readonly target: string
  readonly dataset: string
  readonly way: PublishWay
  readonly options: Pick<FileOptions, 'format'>
  readonly parts: readonly Part[]
}

/** The stages of a run in the order in which they happen; the `generate` stages may run side by side. */
export const stagesOf = ({
  target,
  dataset,
  way,
  options,
  parts,
}: StageInputs): readonly Stage[] => {
  const tables = [...new Set(parts.map(({ table }) => table))]
  return [
    { kind: 'check', target },
    { kind: 'lock', dataset },
    { kind: 'journal', dataset },
    ...parts.map((part): Stage => ({ kind: 'generate', part })),
    ...(options.format === 'delta' ? [{ kind: 'commit', tables } as const] : []),
    { kind: 'manifest' },
    { kind: 'report' },
    { kind: 'publish', way },
    ...(way === 'commits' ? [{ kind: 'checkpoint' } as const] : []),
  ]
}

/** The name of a stage within its run: unique, and the same whenever the run is done again. */
export const stageName = (stage: Stage): string =>
  stage.kind === 'generate' ? `generate ${stage.part.table}/${stage.part.number}` : stage.kind

/** What a stage does, as one line for people. */
export const describeStage = (stage: Stage): string => {
  switch (stage.kind) {
    case 'check':
      return `check that ${stage.target} can hold the dataset`
    case 'lock':
      return `take the lock of ${stage.dataset}`
    case 'journal':
      return 'note the run in the journal'
    case 'generate':
      return `generate ${stage.part.table}, part ${stage.part.number + 1}${
        stage.part.known === undefined ? '' : ', and leave what is there if it is the same'
      }`
    case 'commit':
      return `write the Delta commits of ${stage.tables.join(', ')}`
    case 'manifest':
      return 'write manifest.json'
    case 'report':
      return 'write report.html'
    case 'publish':
      return PUBLISHING[stage.way]
    case 'checkpoint':
      return 'write a checkpoint of each Delta table whose interval asks for one'
    default:
      return unreachable(stage)
  }
}

const PUBLISHING: Readonly<Record<PublishWay, string>> = {
  rename: 'publish the dataset by one rename',
  commits: 'publish all commits through a redo record',
  swap: 'put the new dataset in place of the old one through a redo record',
  add: 'add the new files through a redo record',
  files: 'put the new files in their places through a redo record',
}
