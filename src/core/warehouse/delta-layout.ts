import { fail } from '../errors.ts'
import { quote } from '../plan/names.ts'
import type { LandingTable } from './landing.ts'

/** Columns that Delta clusters a table by at most, and the first ones of a table, whose minima and maxima it keeps. */
const MOST_CLUSTERS = 4
const KEPT_COLUMNS = 32

/**
 * Fails with usage.option when Delta cannot arrange a table as asked. It would say so itself, but of an order only when
 * all rows are there.
 */
export const refuseLayout = ({ table, columns, arrangement }: LandingTable): void => {
  const { partition, cluster = [], zorder = [] } = arrangement
  const refuse = (problem: string): never =>
    fail('usage.option', `${quote(table.landedName)}: ${problem}`)
  if (partition !== undefined && cluster.length > 0)
    refuse('Delta clusters a table or partitions it, not both')
  if (partition !== undefined && zorder.includes(partition))
    refuse(`it is partitioned by ${quote(partition)}, so Delta does not order it by that`)
  if (partition !== undefined && columns.length === 1)
    refuse('its only column cannot be what Delta partitions it by')
  if (cluster.length > MOST_CLUSTERS)
    refuse(`Delta clusters by up to ${MOST_CLUSTERS} columns, not ${cluster.length}`)
  for (const name of [...cluster, ...zorder]) {
    const place = columns.findIndex((column) => column.name === name)
    if (place >= KEPT_COLUMNS)
      refuse(
        `${quote(name)} is not among the first ${KEPT_COLUMNS} columns, which Delta can order by`,
      )
    if (cluster.length > 0 && columns[place]?.type.kind === 'boolean')
      refuse(`Delta does not cluster by truth values such as ${quote(name)}`)
  }
}
