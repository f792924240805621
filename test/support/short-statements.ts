import type { Warehouse } from '../../src/core/warehouse/warehouse.ts'

/** A warehouse to which a statement of rows is long from so many characters, so that small plans need views too. */
export const withShortStatements = (warehouse: Warehouse, most: number): Warehouse => {
  const { landing } = warehouse
  return { ...warehouse, landing: { ...landing, views: { ...landing.views, most } } }
}
