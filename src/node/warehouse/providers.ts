import { fail } from '../../core/errors.ts'
import type { WarehouseName, WarehouseProvider } from '../../core/warehouse/warehouse.ts'

/** How to come to each warehouse; what one needs is loaded when it is asked for. */
const PROVIDERS: Readonly<Partial<Record<WarehouseName, () => Promise<WarehouseProvider>>>> = {
  spark: async () => (await import('./spark.ts')).SPARK_PROVIDER,
  databricks: async () => (await import('./databricks.ts')).DATABRICKS_PROVIDER,
  bigquery: async () => (await import('./bigquery.ts')).BIGQUERY_PROVIDER,
}

/** The warehouses that runs can go to, in the order of help. */
export const WAREHOUSE_NAMES = Object.keys(PROVIDERS) as readonly WarehouseName[]

/** The provider of a warehouse. */
export const providerOf = async (name: WarehouseName): Promise<WarehouseProvider> =>
  PROVIDERS[name]?.() ?? fail('internal', `there is no provider of ${name}`)
