import type { Dialect } from '../../core/sql/dialect.ts'
import type { DerivedTable } from '../../core/warehouse/derived.ts'
import type { ViewDefinition } from '../definition.ts'

/** Columns of the view of lines, each by the table that has it. */
const LINE_COLUMNS = [
  ['order_items', ['order_item_id', 'order_id', 'line_number', 'product_id', 'promotion_id']],
  ['orders', ['order_date', 'store_id', 'customer_id', 'channel', 'status', 'returned_on']],
  ['products', ['department', 'category', 'brand']],
  [
    'order_items',
    ['quantity', 'unit_price_cents', 'discount_cents', 'tax_cents', 'line_total_cents'],
  ],
] as const

/** Every line of an order with what its order and its product say of it: the joined, or silver, form of sales. */
export const salesLines: DerivedTable = {
  name: 'sales_lines',
  query: ({ quoteIdentifier: quote }, read) => {
    const from = (table: string): string => `${read(table)} AS ${quote(table)}`
    const joined = (table: string, key: string): string =>
      `JOIN ${from(table)} ON ${quote(table)}.${quote(key)} = ${quote('order_items')}.${quote(key)}`
    const columns = LINE_COLUMNS.flatMap(([table, names]) =>
      names.map((name) => `${quote(table)}.${quote(name)}`),
    )
    return `SELECT ${columns.join(', ')}
FROM ${from('order_items')}
${joined('orders', 'order_id')}
${joined('products', 'product_id')}`
  },
}

const GROUPS = ['order_date', 'store_id', 'channel', 'department'] as const

/** What each store sold of a department in a day and channel, without what was cancelled: the summed, or gold, form. */
export const dailySales: DerivedTable = {
  name: 'daily_sales',
  query: (dialect, read) => {
    const { quoteIdentifier: quote, quoteString } = dialect
    const groups = GROUPS.map(quote).join(', ')
    const sums = [
      ['units', quote('quantity')],
      [
        'net_cents',
        `${quote('quantity')} * ${quote('unit_price_cents')} - ${quote('discount_cents')}`,
      ],
      ['tax_cents', quote('tax_cents')],
    ].map(([name = '', text = '']) => `${whole(dialect, `sum(${text})`)} AS ${quote(name)}`)
    return `SELECT ${groups}, count(DISTINCT ${quote('order_id')}) AS ${quote('orders')}, ${sums.join(', ')}
FROM ${read(salesLines.name)}
WHERE ${quote('status')} <> ${quoteString('cancelled')}
GROUP BY ${groups}`
  },
}

/** A sum in 64 bits: engines differ in how wide theirs are. */
const whole = ({ typeName }: Dialect, sum: string): string =>
  `CAST(${sum} AS ${typeName('integer')})`

/** The views of retail, in the order in which they rest on each other. */
export const RETAIL_VIEWS: Readonly<Record<string, ViewDefinition>> = {
  lines: {
    summary: 'every line of an order with what its order and its product say of it',
    table: () => salesLines,
  },
  daily: {
    summary: 'what each store sold of a department, by day and channel; it reads the view of lines',
    table: () => dailySales,
  },
}
