import { unreachable } from '../errors.ts'
import type { Part } from '../run/parts.ts'
import type { Publication } from './publication.ts'

/** One stage of a run in a warehouse, as data: the same list is executed, explained and shown. */
export type WarehouseStage =
  /** Not journalled: privileges, catalog and schema, tables of the same names. */
  | { readonly kind: 'check'; readonly target: string }
  | { readonly kind: 'create'; readonly table: string }
  | { readonly kind: 'fill'; readonly part: Part }
  | { readonly kind: 'arrange'; readonly table: string }
  | { readonly kind: 'prove'; readonly table: string; readonly by: Proof }
  | { readonly kind: 'publish'; readonly publications: readonly Publication[] }
  | { readonly kind: 'describe'; readonly tables: readonly string[] }
  | { readonly kind: 'clean' }
  | { readonly kind: 'record'; readonly volume: string }

/** How staged rows are proven: by the digest of every cell, or by their number alone. */
export const PROOFS = ['digest', 'counts'] as const
export type Proof = (typeof PROOFS)[number]

/** How a table of so many rows is proven where `asked` was: a large one is counted, since a digest holds fewer than 2^31. */
export const proofFor = (rows: number, asked: Proof): Proof =>
  rows > MOST_DIGESTED ? 'counts' : asked

/**
 * Whether a table that is added to is read again to see that its rows are still those of its digest, which the digest of
 * all rows will rest on: as many rows are not the same rows.
 */
export const isCompared = (
  { rows, digest }: { readonly rows?: number; readonly digest?: string },
  proof: Proof,
): boolean =>
  proof === 'digest' && digest !== undefined && rows !== undefined && rows <= MOST_COMPARED

/** Reading more takes longer than what is added. */
const MOST_COMPARED = 10_000_000

/** Expected rows may be a few per cent beside the truth. */
const MOST_DIGESTED = 2_000_000_000

/** What decides a run's stages. */
export interface WarehouseStageInputs {
  readonly target: string
  readonly parts: readonly Part[]
  readonly publications: readonly Publication[]
  readonly proof: Proof
  /** The folder of a volume that the run's record goes to. */
  readonly volume?: string | undefined
}

/** The stages of a run in the order in which they happen: one table after another is staged, then all are published. */
export const warehouseStages = ({
  target,
  parts,
  publications,
  proof,
  volume,
}: WarehouseStageInputs): readonly WarehouseStage[] => [
  { kind: 'check', target },
  ...publications.flatMap(({ table, rowsBefore }): readonly WarehouseStage[] => {
    const own = parts.filter((part) => part.table === table)
    const rows = own.reduce((sum, part) => sum + part.rows, rowsBefore)
    return [
      { kind: 'create', table },
      ...own.map((part): WarehouseStage => ({ kind: 'fill', part })),
      { kind: 'arrange', table },
      { kind: 'prove', table, by: proofFor(rows, proof) },
    ]
  }),
  { kind: 'publish', publications },
  { kind: 'describe', tables: publications.map(({ table }) => table) },
  { kind: 'clean' },
  ...(volume === undefined ? [] : [{ kind: 'record' as const, volume }]),
]

/** The name of a stage within its run: unique, and the same whenever the run is done again. */
export const warehouseStageName = (stage: WarehouseStage): string => {
  switch (stage.kind) {
    case 'fill':
      return `fill ${stage.part.table}/${stage.part.number}`
    case 'create':
    case 'arrange':
    case 'prove':
      return `${stage.kind} ${stage.table}`
    case 'check':
    case 'publish':
    case 'describe':
    case 'clean':
    case 'record':
      return stage.kind
    default:
      return unreachable(stage)
  }
}

/** What a stage does, as one line for people. */
export const describeWarehouseStage = (stage: WarehouseStage): string => {
  switch (stage.kind) {
    case 'check':
      return `check privileges on ${stage.target} and what tables it has`
    case 'create':
      return `make a staging table for ${stage.table}, with its constraints and comments`
    case 'fill':
      return `insert part ${stage.part.number + 1} of ${stage.part.table} into it`
    case 'arrange':
      return `arrange the rows of ${stage.table} as asked`
    case 'prove':
      return stage.by === 'digest'
        ? `count the rows of ${stage.table} and compute their digest`
        : `count the rows of ${stage.table}`
    case 'publish':
      return `publish ${stage.publications.map(({ landed }) => landed).join(', ')}`
    case 'describe':
      return 'set properties, tags and keys of the published tables'
    case 'clean':
      return 'drop staging tables and those that were replaced'
    case 'record':
      return `write the manifest to ${stage.volume}`
    default:
      return unreachable(stage)
  }
}
