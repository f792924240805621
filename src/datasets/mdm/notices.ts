import { sumOf } from '../../core/random/math.ts'
import { meanOf } from '../calibrate.ts'
import type { Notice } from '../definition.ts'
import { optionOf, type Settings } from './parameters.ts'
import { SOURCE_TABLES, SOURCES } from './source.ts'
import type { Volumes } from './volumes.ts'

/** The volumes that are expected, what was changed to reach them, and a ratio that leaves little to match. */
export const volumeNotices = (settings: Settings, volumes: Volumes): readonly Notice[] => [
  { level: 'info', text: expectedText(settings, volumes) },
  ...solvedNotice(settings, volumes),
  ...ratioWarning(volumes),
]

const expectedText = ({ tableSuffix }: Settings, { customers, records }: Volumes): string => {
  const tables = SOURCES.map(
    (source) => `${SOURCE_TABLES[source]}${tableSuffix} ${grouped(records[source])}`,
  )
  return `expected of ${grouped(customers)} customers: ${tables.join(', ')}, together ${grouped(totalOf(records))} records`
}

const solvedNotice = (settings: Settings, { counts, solvedFor }: Volumes): readonly Notice[] => {
  if (solvedFor === undefined) return []
  const { crmDuplicates, ecommerceRecords } = settings
  const mean = shown(1 + meanOf(counts.crm))
  return [
    {
      level: 'info',
      text: `for ${shown(solvedFor)} records a customer, the CRM and the shop have ${mean} of each they know, up to 8 (stated: ${shown(1 + crmDuplicates)} and ${shown(ecommerceRecords)}); --rates as-stated keeps these`,
    },
  ]
}

/** Customers may be half as many as records before hardly anybody is there to be matched. */
const HIGHEST_RATIO = 0.5

const ratioWarning = ({ customers, records }: Volumes): readonly Notice[] => {
  const ratio = customers / totalOf(records)
  if (ratio <= HIGHEST_RATIO) return []
  const percent = Math.round(ratio * 100)
  return [
    {
      level: 'warning',
      text: `customers are ${percent} % of the records, so few records have another one to match; lower ${optionOf('uniqueCustomers')} or raise ${optionOf('totalRecords')}`,
    },
  ]
}

const totalOf = (records: Volumes['records']): number => sumOf(SOURCES.map((each) => records[each]))

const shown = (value: number): string => String(Math.round(value * 100) / 100)

const grouped = (value: number): string =>
  String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
