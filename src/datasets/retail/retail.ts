import { formatDate } from '../../core/expr/civil.ts'
import { plan } from '../../core/plan/build.ts'
import type { Parameter, Plan } from '../../core/plan/plan.ts'
import { planParameters } from '../declare.ts'
import { type DatasetDefinition, resolveParameters } from '../definition.ts'
import { PARAMETERS, type Settings } from './parameters.ts'
import { fitRecipe, type Recipe, RETURN_DAYS } from './recipe.ts'
import { SEASON_DAYS } from './season.ts'
import { customerTable } from './tables/customers.ts'
import { dayTable } from './tables/days.ts'
import { inventoryTable } from './tables/inventory-snapshots.ts'
import { orderItemTable } from './tables/order-items.ts'
import { orderTable } from './tables/orders.ts'
import { priceTileTable, productPriceTable } from './tables/product-prices.ts'
import { productTable } from './tables/products.ts'
import { promotionTable } from './tables/promotions.ts'
import { storeTable } from './tables/stores.ts'
import { RETAIL_VIEWS } from './views.ts'

/** The retail dataset: stores, products, customers, promotions, orders and the stock that they leave. */
export const retail: DatasetDefinition = {
  name: 'retail',
  summary: 'A retailer: stores, products, customers, promotions, orders and daily stock.',
  seed: 42,
  vocabularies: [
    'brands',
    'email_domains',
    'given_names_female',
    'given_names_male',
    'retail_goods',
    'street_types',
    'streets',
    'surnames',
    'us_places',
  ],
  parameters: PARAMETERS,
  views: RETAIL_VIEWS,
  examples: [
    {
      options: '--scale medium --days 30',
      says: 'seven linked Delta tables below lake/lakewright/retail',
    },
    {
      options: '--scale medium --days 60 --mode append',
      says: 'adds the days after the last one',
    },
    {
      options: '--scale small --format csv --to sample_data',
      says: 'a CSV file a table: sample_data/stores.csv and so on',
    },
  ],
  build: (values, { seed, vocabularies }): Plan => {
    const settings = resolveParameters(PARAMETERS, values) as Settings
    const recipe = fitRecipe(settings, vocabularies)
    return plan({
      name: 'retail',
      description:
        'Stores and a web shop that sell products to customers, with promotions and daily stock whose books balance.',
      seed,
      start: formatDate(settings.start),
      asOf: formatDate(settings.start + SEASON_DAYS + RETURN_DAYS),
      parameters: shown(recipe),
      tables: [
        dayTable(recipe),
        storeTable(recipe),
        productTable(recipe),
        priceTileTable(),
        ...(settings.withTruth === 1 ? [productPriceTable()] : []),
        customerTable(recipe),
        promotionTable(recipe),
        orderTable(recipe),
        orderItemTable(recipe),
        inventoryTable(recipe),
      ],
    })
  },
  notices: (values, { vocabularies }) => {
    const settings = resolveParameters(PARAMETERS, values) as Settings
    if (settings.orders === 0) return []
    const { ordersPerYear } = fitRecipe(settings, vocabularies)
    const text = `${settings.orders} orders in ${settings.days} days are ${ordersPerYear} a year: more days at this rate take --orders-per-year ${ordersPerYear} instead of --orders`
    return [{ level: 'info', text }]
  },
}

/** What a reader of the plan wants to know of its parameters; the number of orders is there as their rate. */
const shown = ({ settings, ordersPerYear }: Recipe): Readonly<Record<string, Parameter>> =>
  planParameters(
    PARAMETERS.filter(({ name }) => name !== 'orders'),
    { ...settings, ordersPerYear },
  )
