import {
  add,
  BOOLEAN,
  col,
  concat,
  dateOf,
  decimalType,
  dimension,
  draw,
  eq,
  fold,
  key,
  lit,
  lookup,
  mod,
  mul,
  ordinal,
  parentKey,
  quantity,
  reinterpret,
  sample,
  sha256,
  text,
  timestamp,
  when,
} from '../../src/core/expr/build.ts'
import { law } from '../../src/core/expr/build-law.ts'
import {
  children,
  column,
  cross,
  hidden,
  plan,
  range,
  size,
  table,
  union,
} from '../../src/core/plan/build.ts'
import type { Plan } from '../../src/core/plan/plan.ts'

/**
 * A small plan with every row space, every type and every form of block: customers with orders and items, fixed stores
 * and days with their cross, and a union with children of its own.
 */
export const shopPlan = (customers: number, seed: number | string = 7): Plan =>
  plan({
    name: 'shop',
    seed,
    start: '2024-01-01',
    asOf: '2025-01-01',
    parameters: { customers: size(customers, { min: 1 }) },
    tables: [
      table('customers', {
        description: 'People who buy.',
        rows: range(quantity('customers')),
        columns: [
          column('customer_id', key()),
          column(
            'name',
            concat(
              sample(law.weighted({ Ann: 3, 'O’Neil, "Bob"': 1, '': 1 })),
              lit(' '),
              text(key()),
            ),
          ),
          column('hash', sha256(text(key()))),
          column('device', draw('uuid')),
          column('tier', sample(law.weighted({ gold: 1, silver: 3, bronze: 6 })), {
            nullRate: 0.2,
          }),
          column('joined', dateOf(timestamp('2024-02-29T00:00:00Z'))),
          column('active', eq(mod(key(), 3), 0)),
          hidden('buys', sample(law.uniform(0, 4))),
        ],
      }),
      table('orders', {
        as: 'orders_landed',
        rows: children('customers', 4, col('buys')),
        columns: [
          column('order_id', key()),
          column('customer_id', parentKey()),
          column('number', ordinal(), { as: 'order_number' }),
          column('placed_at', add(timestamp('2024-01-01T00:00:00Z'), mul(key(), 1_000_001))),
          column('total', fold.sum('items', col('price'))),
          column('lines', sample(law.uniform(1, 3))),
        ],
        references: [{ columns: ['customer_id'], table: 'customers', to: ['customer_id'] }],
      }),
      table('items', {
        rows: children('orders', 3, col('lines')),
        columns: [
          column('item_id', key()),
          column('order_id', parentKey()),
          column('price', reinterpret(sample(law.uniform(1, 99_999)), decimalType(9, 2))),
          column(
            'gift',
            when(eq(sample(law.uniform(0, 9)), 0), lit(null, BOOLEAN), eq(ordinal(), 0)),
          ),
        ],
      }),
      table('stores', {
        rows: range(3),
        columns: [
          column('store_id', key()),
          column('city', sample(law.weighted({ Ulm: 1, Köln: 1 }))),
        ],
      }),
      table('days', { rows: range(5), columns: [column('day_id', key())] }),
      table('visits', {
        rows: cross(['stores', 10], ['days', 100]),
        columns: [
          column('visit_id', key()),
          column('store_id', dimension('stores')),
          column('city', lookup('stores', dimension('stores'), 'city')),
          column('guests', sample(law.uniform(0, 1_000_000))),
        ],
      }),
      table('events', {
        rows: union(4, ['customers', 1], ['stores', 2]),
        columns: [column('event_id', key()), column('source', ordinal()), column('bits', draw())],
      }),
      table('notes', {
        rows: children('events', 2, sample(law.uniform(0, 2), { stream: 'notes' })),
        columns: [
          column('note_id', key()),
          column('event_id', parentKey()),
          column('word', draw('hex')),
        ],
      }),
    ],
  })
