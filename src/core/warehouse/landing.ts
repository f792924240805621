import type { LandedColumn } from '../plan/plan.ts'
import type { TypedPlan, TypedTable } from '../plan/typed.ts'
import {
  declaredColumns,
  landedColumns,
  landedNames,
  type LandedReference,
  landedReferences,
} from '../run/landed.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { DialectName } from '../sql/dialects.ts'
import type { ViewKind } from '../sql/views.ts'
import type { TableName } from './target.ts'

/** A column as it is declared where it lands. */
export interface WarehouseColumn extends LandedColumn {
  readonly comment: string | undefined
}

/** How the rows of a table lie, for engines that can be told: landed columns to order by, to cluster by, to partition by. */
export type Arrangement = {
  readonly zorder?: readonly string[]
  readonly cluster?: readonly string[]
  /** One column of dates or timestamps, or where the engine wants it of integers. */
  readonly partition?: string
}

/** A table of a plan as a warehouse is to hold it, whatever it is called there for now. */
export interface LandingTable {
  readonly table: TypedTable
  readonly columns: readonly WarehouseColumn[]
  readonly description: string | undefined
  /** Landed columns that identify a row; may be none. */
  readonly key: readonly string[]
  /** Those to the whole key of a table, which alone can be a FOREIGN KEY. */
  readonly references: readonly LandedReference[]
  readonly arrangement: Arrangement
  /** Facts by name (`lakewright.planHash` and the like): texts of printable ASCII below 4,000 characters. */
  readonly properties: Readonly<Record<string, string>>
}

/** What a table lands as, by the plan alone. */
export const landingTable = (
  plan: TypedPlan,
  table: TypedTable,
  {
    arrangement,
    properties,
  }: Pick<LandingTable, 'properties'> & { readonly arrangement: Arrangement | undefined },
): LandingTable => {
  const comments = new Map(
    landedColumns(table).map(({ landedName, description }) => [landedName, description]),
  )
  return {
    table,
    columns: declaredColumns(table).map((column) => ({
      ...column,
      comment: comments.get(column.name),
    })),
    description: table.description,
    key: landedNames(table, table.key),
    references: landedReferences(plan, table).filter((each) => isToKey(plan, each)),
    arrangement: arrangement ?? {},
    properties,
  }
}

const isToKey = (plan: TypedPlan, { table, to }: LandedReference): boolean => {
  const other = [...plan.tables.values()].find(({ landedName }) => landedName === table)
  return other !== undefined && landedNames(other, other.key).join('\n') === to.join('\n')
}

/**
 * How tables land in a kind of warehouse, as text alone: every member gives statements of its dialect without a
 * semicolon. A table is made under a staging name with all its declarations, filled part by part, proven, and then
 * renamed, or its rows inserted into the table that is there. Any statement may have been run before by an attempt that
 * was killed; the notes say what a second time must do.
 */
export interface Landing {
  readonly dialect: Dialect
  readonly dialectName: DialectName
  /** A table's full name, quoted. */
  readonly name: (table: TableName) => string
  readonly views: LandingViews
  /** The name of a column's type, as a look-up of the table's columns gives it. */
  readonly typeName: (column: LandedColumn) => string
  /**
   * Makes an empty table with columns and their comments, NOT NULL, checks, description, properties, partitions and
   * clustering, so that what is inserted is held to them. A table of that name is replaced.
   */
  readonly create: (name: TableName, table: LandingTable) => string
  /**
   * Inserts the rows of a query with the table's columns: one statement that does nothing unless the table has exactly
   * `rowsBefore` rows, among others that set the session up before it and back after it.
   */
  readonly insert: (name: TableName, rows: InsertedRows) => readonly string[]
  /** What is done once all parts are in, such as OPTIMIZE … ZORDER BY; a second time must do no harm. */
  readonly arrange: (name: TableName, table: LandingTable) => readonly string[]
  /** Sets all properties of ours: where they are labels, those that are there are gone. */
  readonly setProperties: (
    name: TableName,
    properties: LandingTable['properties'],
  ) => readonly string[]
  /** Gives a table another name in its schema; fails when there is one of that name. */
  readonly rename: (from: TableName, to: TableName) => string
  /** Removes a table; absent is fine. */
  readonly drop: (name: TableName) => string
  /** Tags, PRIMARY KEY and FOREIGN KEYs, where there are such things, once all tables have their names; a second time must leave the same. */
  readonly relate: (name: TableName, table: LandingTable) => readonly string[]
}

/** Views that long statements read from. They are made right before the statement and dropped right after it. */
export interface LandingViews {
  /** Characters from which a statement is long. */
  readonly most: number
  readonly kind: ViewKind
  /** What a view with a table's name is called, quoted: by that alone where it is of the session. */
  readonly name: (view: TableName) => string
}

/** Rows for a table that has `rowsBefore` rows now. */
export interface InsertedRows {
  /** Names of columns in the order in which the query gives them. */
  readonly columns: readonly string[]
  readonly query: string
  readonly rowsBefore: number
  /** A name for this one insertion, of letters, digits, `_` and `-`: where an engine can keep one from being done twice. */
  readonly token: string
}
