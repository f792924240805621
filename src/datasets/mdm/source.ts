import { col, concat, le, padLeft, parentKey, text } from '../../core/expr/build.ts'
import type { Expr } from '../../core/expr/expr.ts'
import { check, column, hidden, table } from '../../core/plan/build.ts'
import type { Check, Column, PlanPromise, RowSpace, Table } from '../../core/plan/plan.ts'
import type { PersonField } from './person.ts'
import { type Numbered, spread } from './record-keys.ts'

/** The three systems that know customers, by the numbers of their records in the truth. */
export const SOURCES = ['crm', 'erp', 'ecommerce'] as const
export type SourceName = (typeof SOURCES)[number]

/** The logical names of the sources' tables. */
export const SOURCE_TABLES: Readonly<Record<SourceName, string>> = {
  crm: 'raw_crm_customers',
  erp: 'raw_erp_customers',
  ecommerce: 'raw_ecommerce_customers',
}

/** A source system's table: its rows are records, children of `customers`. */
export interface Source {
  readonly name: SourceName
  /** Logical name; a suffix changes the landed name alone. */
  readonly table: string
  readonly as?: string
  readonly description: string
  readonly rows: RowSpace
  /**
   * Hidden columns with the true value of each person field when the record was updated, named by `cleanName`, and
   * what they are made from.
   */
  readonly clean: readonly Column[]
  /** created_at and updated_at, which noise never touches. */
  readonly times: readonly Column[]
  /** The fields that this source alone has, which noise never touches. */
  readonly own: readonly Column[]
  readonly checks: readonly Check[]
  readonly promises: readonly PlanPromise[]
}

/** What noise makes of a source's clean columns: the landed person fields, and hidden columns they are made from. */
export type Noise = (source: Source) => readonly Column[]

/** The hidden column of a source's table that holds the true value of a person field. */
export const cleanName = (field: PersonField): string => `clean_${field}`

/** The identifier of a record in its source, by the record's key: unique by construction, in no visible order. */
export const recordId = (source: SourceName, numbered: Numbered): Expr => {
  const [prefix, factor] = RECORD_IDS[source]
  return concat(prefix, padLeft(text(spread(factor, numbered)), 10, '0'))
}

const RECORD_IDS: Readonly<Record<SourceName, readonly [prefix: string, factor: number]>> = {
  crm: ['C-', 6_635_617],
  erp: ['E-', 5_182_171],
  ecommerce: ['W-', 7_410_437],
}

/** The landed table of a source, for so many customers. */
export const sourceTable = (source: Source, noise: Noise, numbered: Numbered): Table =>
  table(source.table, {
    ...(source.as === undefined ? {} : { as: source.as }),
    description: source.description,
    rows: source.rows,
    key: ['record_id'],
    columns: [
      column('record_id', recordId(source.name, numbered), {
        description: 'Identifies the record in its source; it tells nothing about who it is.',
      }),
      ...noise(source),
      ...source.own,
      ...source.times,
      ...source.clean,
      hidden('entity_id', parentKey()),
    ],
    checks: [
      check(`${source.table}_times`, le(col('created_at'), col('updated_at'))),
      ...source.checks,
    ],
    promises: [
      { kind: 'unique', name: 'record_id is unique', columns: ['record_id'] },
      ...source.promises,
    ],
  })
