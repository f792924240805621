import type { Dialect } from './dialect.ts'
import { SPARK } from './spark.ts'

/**
 * Spark SQL as warehouses and jobs of Databricks take it, where no session can be told that a text is no template: the
 * signs that begin a variable (`${`) or a job's parameter (`{{`) are written as escapes.
 */
export const DATABRICKS: Dialect = {
  ...SPARK,
  quoteString: (text) => withoutTemplates(SPARK.quoteString(text)),
}

/** A statement whose literals begin no variable and no parameter; other braces are left alone. */
export const withoutTemplates = (sql: string): string =>
  sql.replaceAll('${', '$\\u007b').replaceAll('{{', '{\\u007b')
