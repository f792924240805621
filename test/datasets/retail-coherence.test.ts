import { describe, expect, test } from 'vitest'
import { interpretTable } from '../../src/core/plan/interpret.ts'
import { allRows, DAY, groupBy, indexBy, num, type Row, str } from './identity-rows.ts'
import { typedRetail } from './retail-rows.ts'

const DAYS = 20
const plan = typedRetail({
  stores: 6,
  products: 150,
  customers: 400,
  promotions: 900,
  orders: 1500,
  days: DAYS,
  withTruth: 1,
  start: Date.parse('2025-02-25') / 86_400_000,
})
const tables = allRows(plan)
const table = (name: string): readonly Row[] => tables[name] ?? []
const stores = indexBy(table('stores'), 'store_id')
const products = indexBy(table('products'), 'product_id')
const customers = indexBy(table('customers'), 'customer_id')
const promotions = indexBy(table('promotions'), 'promotion_id')
const orders = indexBy(table('orders'), 'order_id')
const items = table('order_items')
const start = Date.parse('2025-02-25') / 86_400_000

/** Rows that break a rule, at most three; there must be enough of them. */
const breaking = (rows: readonly Row[], rule: (row: Row) => boolean): readonly Row[] => {
  expect(rows.length).toBeGreaterThan(20)
  return rows.filter((row) => !rule(row)).slice(0, 3)
}

const sum = (rows: readonly Row[], column: string): number =>
  rows.reduce((all, row) => all + num(row, column), 0)

const orderOf = (item: Row): Row | undefined => orders.get(num(item, 'order_id'))

/** The clock on the wall of a place, from a list of time zones that is not ours. */
const wallClock = (micros: number, timeZone: string): { date: string; hour: number } => {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(micros / 1000))
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? ''
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    hour: Number(part('hour')),
  }
}

const isoDate = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)

describe('keys', () => {
  test.each([...plan.tables.values()].filter(({ virtual }) => !virtual).map(({ name }) => name))(
    '%s has no row twice',
    (name) => {
      const { key } = plan.tables.get(name)!
      expect(key.length).toBeGreaterThan(0)
      const seen = new Set(table(name).map((row) => key.map((column) => row[column]).join('|')))
      expect(seen.size).toBe(table(name).length)
      expect(seen.size).toBeGreaterThan(0)
    },
  )

  test('no reference leads nowhere', () => {
    const references = [...plan.tables.values()].flatMap(({ name, references: list }) =>
      list.map((reference) => ({ name, reference })),
    )
    expect(references.length).toBeGreaterThan(7)
    for (const { name, reference } of references) {
      const [from, to] = [reference.columns[0] ?? '', reference.to[0] ?? '']
      const known = new Set(table(reference.table).map((row) => row[to]))
      const orphans = table(name).filter(
        (row) => row[from] !== null && !known.has(row[from] ?? null),
      )
      expect(orphans, `${name}.${from}`).toEqual([])
    }
  })
})

describe('money, to the cent', () => {
  const lines = groupBy(items, 'order_id')

  test('an order is the sum of its lines', () => {
    expect(
      breaking(table('orders'), (order) => {
        const own = lines.get(num(order, 'order_id')) ?? []
        const gross = own.reduce(
          (all, item) => all + num(item, 'quantity') * num(item, 'unit_price_cents'),
          0,
        )
        return (
          gross === num(order, 'subtotal_cents') &&
          sum(own, 'discount_cents') === num(order, 'discount_cents') &&
          sum(own, 'tax_cents') === num(order, 'tax_cents') &&
          sum(own, 'line_total_cents') + num(order, 'shipping_cents') === num(order, 'total_cents')
        )
      }),
    ).toEqual([])
  })

  test('a total is subtotal - discount + tax + shipping, and shipping is of the web', () => {
    expect(
      breaking(
        table('orders'),
        (order) =>
          num(order, 'total_cents') ===
            num(order, 'subtotal_cents') -
              num(order, 'discount_cents') +
              num(order, 'tax_cents') +
              num(order, 'shipping_cents') &&
          (order['channel'] === 'web' || order['shipping_cents'] === 0),
      ),
    ).toEqual([])
    expect(new Set(table('orders').map((order) => order['shipping_cents']))).toEqual(
      new Set([0, 599]),
    )
  })

  test('the tax of a line is that of its store and tax class, rounded half up', () => {
    const classes = new Set<string>()
    expect(
      breaking(items, (item) => {
        const store = stores.get(num(orderOf(item), 'store_id'))
        const taxClass = str(products.get(num(item, 'product_id')), 'tax_class')
        classes.add(taxClass)
        const full = num(store, 'tax_rate_bp')
        const rate = taxClass === 'standard' ? full : taxClass === 'reduced' ? full / 2 : 0
        const net =
          num(item, 'quantity') * num(item, 'unit_price_cents') - num(item, 'discount_cents')
        return num(item, 'tax_cents') === Math.floor((net * Math.floor(rate) + 5000) / 10_000)
      }),
    ).toEqual([])
    expect(classes.size).toBe(3)
  })

  test('lines are numbered from 1 without a gap', () => {
    expect(lines.size).toBe(orders.size)
    for (const own of lines.values())
      expect(own.map((item) => item['line_number'])).toEqual(own.map((_, i) => i + 1))
  })
})

describe('prices', () => {
  const prices = groupBy(table('product_prices'), 'product_id')

  test('an item costs what product_prices says for its day', () => {
    expect(
      breaking(items, (item) => {
        const day = num(orderOf(item), 'order_date')
        const valid = (prices.get(num(item, 'product_id')) ?? []).filter(
          (price) => num(price, 'valid_from') <= day && day < num(price, 'valid_to'),
        )
        return valid.length === 1 && num(valid[0], 'price_cents') === num(item, 'unit_price_cents')
      }),
    ).toEqual([])
  })

  test('prices of a product follow one another from its launch on, at most a year and more', () => {
    let changes = 0
    for (const [product, own] of prices) {
      const [first] = own
      expect(num(first, 'valid_from')).toBeGreaterThanOrEqual(
        num(products.get(product), 'launched_on'),
      )
      own.slice(1).forEach((price, i) => {
        expect(price['valid_from']).toBe(own[i]?.['valid_to'])
        if (price['price_cents'] !== own[i]?.['price_cents']) changes += 1
      })
      expect(num(own.at(-1), 'valid_to')).toBeGreaterThanOrEqual(start + 365)
    }
    expect(prices.size).toBe(products.size)
    expect(changes).toBeGreaterThan(100)
  })
})

describe('promotions', () => {
  const holds = (promotion: Row, item: Row): boolean => {
    const day = num(orderOf(item), 'order_date')
    const category = products.get(num(item, 'product_id'))?.['category']
    return (
      num(promotion, 'starts_on') <= day &&
      day <= num(promotion, 'ends_on') &&
      (promotion['product_id'] === item['product_id'] || promotion['category'] === category)
    )
  }

  test('a discount is of a promotion that runs on the day, for the product or its category', () => {
    const discounted = items.filter((item) => num(item, 'discount_cents') > 0)
    expect(
      breaking(discounted, (item) => {
        const promotion = promotions.get(num(item, 'promotion_id'))
        return promotion !== undefined && holds(promotion, item)
      }),
    ).toEqual([])
  })

  test('where no discount is, no promotion runs but those of two units and more', () => {
    const plain = items.filter((item) => item['promotion_id'] === null)
    const running = table('promotions').filter(({ kind }) => kind !== 'multi_buy')
    const many = new Set(
      table('promotions')
        .filter(({ kind }) => kind === 'multi_buy')
        .map((promotion) => promotion['product_id']),
    )
    expect(
      breaking(
        plain,
        (item) =>
          many.has(item['product_id'] ?? null) ||
          running.every((promotion) => !holds(promotion, item)),
      ),
    ).toEqual([])
  })

  test('each kind takes off what it says', () => {
    const kinds = new Set<string>()
    expect(
      breaking(
        items.filter((item) => item['promotion_id'] !== null),
        (item) => {
          const promotion = promotions.get(num(item, 'promotion_id'))
          const [quantity, price] = [num(item, 'quantity'), num(item, 'unit_price_cents')]
          const kind = str(promotion, 'kind')
          kinds.add(kind)
          if (kind === 'multi_buy' && quantity < 2) return false
          const asked =
            kind === 'amount_off'
              ? quantity * Math.min(num(promotion, 'discount_cents'), Math.floor(price / 4))
              : Math.floor((quantity * price * num(promotion, 'discount_percent')) / 100)
          return num(item, 'discount_cents') === asked
        },
      ),
    ).toEqual([])
    expect(kinds.size).toBe(3)
  })

  test('no category and no product has two promotions on a day', () => {
    for (const target of ['category', 'product_id']) {
      const own = table('promotions').filter((promotion) => promotion[target] !== null)
      const taken = new Set<string>()
      for (const promotion of own)
        for (let day = num(promotion, 'starts_on'); day <= num(promotion, 'ends_on'); day++) {
          expect(taken.has(`${promotion[target]} ${day}`)).toBe(false)
          taken.add(`${promotion[target]} ${day}`)
        }
      expect(taken.size).toBeGreaterThan(1000)
    }
  })
})

describe('time', () => {
  test('store orders fall within opening hours by the clocks of the world, in summer and winter', () => {
    const inStore = table('orders').filter((order) => order['channel'] === 'store')
    const shifts = new Set<number>()
    expect(
      breaking(inStore, (order) => {
        const store = stores.get(num(order, 'store_id'))
        const { date, hour } = wallClock(num(order, 'placed_at'), str(store, 'time_zone'))
        shifts.add(num(order, 'order_date') < Date.parse('2025-03-09') / 86_400_000 ? 0 : 1)
        return (
          date === isoDate(num(order, 'order_date')) &&
          num(store, 'opens_hour') <= hour &&
          hour < num(store, 'closes_hour')
        )
      }),
    ).toEqual([])
    expect(shifts.size).toBe(2)
  })

  test('web orders fall on their day by the clock of the store that ships them', () => {
    expect(
      breaking(
        table('orders').filter((order) => order['channel'] === 'web'),
        (order) => {
          const zone = str(stores.get(num(order, 'store_id')), 'time_zone')
          return wallClock(num(order, 'placed_at'), zone).date === isoDate(num(order, 'order_date'))
        },
      ),
    ).toEqual([])
  })

  test('customers have signed up, stores have opened and products are launched before they sell', () => {
    expect(
      breaking(
        table('orders'),
        (order) =>
          num(customers.get(num(order, 'customer_id')), 'signed_up_on') <
            num(order, 'order_date') &&
          num(stores.get(num(order, 'store_id')), 'opened_on') < num(order, 'order_date') &&
          num(order, 'placed_at') >= start * DAY,
      ),
    ).toEqual([])
    const late = table('products').filter(({ launched_on: day }) => Number(day) > start)
    expect(late.length).toBeGreaterThan(2)
    expect(
      breaking(
        items,
        (item) =>
          num(products.get(num(item, 'product_id')), 'launched_on') <=
          num(orderOf(item), 'order_date'),
      ),
    ).toEqual([])
  })

  test('an order comes back later and only when it is returned', () => {
    expect(
      breaking(table('orders'), (order) =>
        order['status'] === 'returned'
          ? num(order, 'returned_on') > num(order, 'order_date')
          : order['returned_on'] === null,
      ),
    ).toEqual([])
    expect(new Set(table('orders').map((order) => order['status'])).size).toBe(3)
  })
})

describe('what goes together', () => {
  test('the offset of a store is that of its time zone in winter', () => {
    const noon = Date.parse('2025-01-15T12:00:00Z')
    for (const store of table('stores')) {
      const { date, hour } = wallClock(noon * 1000, str(store, 'time_zone'))
      const local = Date.parse(date) / 60_000 + hour * 60
      expect(num(store, 'utc_offset_minutes')).toBe(local - noon / 60_000)
    }
  })

  test('the further lines of a basket often are of the category that goes with the first', () => {
    const names = [
      ...new Set(
        table('products')
          .slice(0, 32)
          .map((each) => str(each, 'category')),
      ),
    ]
    const goesWith = new Map(names.map((name, i) => [name, names[i % 2 === 0 ? i + 1 : i - 1]]))
    const category = (item: Row | undefined): string =>
      str(products.get(num(item, 'product_id')), 'category')
    const lines = groupBy(items, 'order_id')
    const further = items.filter((item) => num(item, 'line_number') > 1)
    const along = further.filter(
      (item) => category(item) === goesWith.get(category(lines.get(num(item, 'order_id'))?.[0])),
    )
    expect(along.length / further.length).toBeGreaterThan(0.3)
    expect(along.length / further.length).toBeLessThan(0.42)
  })

  test('popular products sell most, and few customers order much', () => {
    const sold = groupBy(items, 'product_id')
    const top = [1, 2, 3].reduce((all, product) => all + (sold.get(product)?.length ?? 0), 0)
    expect(top / items.length).toBeGreaterThan(0.15)
    const most = table('orders').filter((order) => num(order, 'customer_id') <= 80)
    expect(most.length / orders.size).toBeGreaterThan(0.45)
    expect(most.length / orders.size).toBeLessThan(0.62)
  })
})

describe('inventory', () => {
  const snapshots = table('inventory_snapshots')
  const cell = (row: Row, day = num(row, 'snapshot_date')): string =>
    `${day} ${row['store_id']} ${row['product_id']}`
  const byCell = new Map(snapshots.map((row) => [cell(row), row]))

  /** Units by day, store and product, of the items of orders that a rule takes in, on a day of the order. */
  const units = (day: string, rule: (order: Row | undefined) => boolean) => {
    const found = new Map<string, number>()
    for (const item of items) {
      const order = orderOf(item)
      if (!rule(order)) continue
      const at = `${num(order, day)} ${order?.['store_id']} ${item['product_id']}`
      found.set(at, (found.get(at) ?? 0) + num(item, 'quantity'))
    }
    return found
  }

  test('there is a row for every day, store and product', () => {
    expect(snapshots.length).toBe(DAYS * stores.size * products.size)
    expect(byCell.size).toBe(snapshots.length)
    expect(snapshots.map((row) => row['snapshot_id'])).toEqual(
      snapshots.map((row) => Number(row['snapshot_id'])).toSorted((a, b) => a - b),
    )
  })

  test('opening + received - sold + restocked = closing, and nothing is ever negative', () => {
    const amounts = ['opening', 'received', 'sold', 'returned', 'restocked', 'closing', 'on_order']
    expect(
      breaking(
        snapshots,
        (row) =>
          num(row, 'closing') ===
            num(row, 'opening') + num(row, 'received') - num(row, 'sold') + num(row, 'restocked') &&
          num(row, 'restocked') <= num(row, 'returned') &&
          amounts.every((name) => num(row, name) >= 0),
      ),
    ).toEqual([])
    for (const name of amounts) expect(sum(snapshots, name), name).toBeGreaterThan(0)
  })

  test('a day opens with what yesterday closed with', () => {
    const later = snapshots.filter((row) => num(row, 'snapshot_date') > start)
    expect(
      breaking(
        later,
        (row) =>
          byCell.get(cell(row, num(row, 'snapshot_date') - 1))?.['closing'] === row['opening'],
      ),
    ).toEqual([])
  })

  test('sold is what the orders of the day sold there and did not cancel', () => {
    const sold = units('order_date', (order) => order?.['status'] !== 'cancelled')
    expect(breaking(snapshots, (row) => num(row, 'sold') === (sold.get(cell(row)) ?? 0))).toEqual(
      [],
    )
    expect([...sold.values()].reduce((all, each) => all + each, 0)).toBe(sum(snapshots, 'sold'))
  })

  test('returned is what came back on the day; what comes back after the last one is nowhere', () => {
    const returned = units('returned_on', (order) => order?.['status'] === 'returned')
    expect(
      breaking(snapshots, (row) => num(row, 'returned') === (returned.get(cell(row)) ?? 0)),
    ).toEqual([])
    const all = [...returned.values()].reduce((sums, each) => sums + each, 0)
    expect(sum(snapshots, 'returned')).toBeGreaterThan(0)
    expect(sum(snapshots, 'returned')).toBeLessThan(all)
  })

  test('nothing is in stock before the launch, and something is after it', () => {
    const before = snapshots.filter(
      (row) => num(products.get(num(row, 'product_id')), 'launched_on') > num(row, 'snapshot_date'),
    )
    expect(breaking(before, (row) => row['closing'] === 0 && row['sold'] === 0)).toEqual([])
    const after = snapshots.filter((row) => !before.includes(row))
    expect(breaking(after, (row) => num(row, 'closing') + num(row, 'on_order') > 0)).toEqual([])
  })
})

test('the orders of each day are a law, to one', () => {
  const perDay = [...groupBy(table('orders'), 'order_date').values()].map((own) => own.length)
  expect(perDay.length).toBe(DAYS)
  expect(perDay.reduce((all, each) => all + each, 0)).toBe(1500)
  const days = [...interpretTable(plan, 'days', { hidden: true })]
  expect(days.map((day) => day['orders'])).toEqual(perDay)
})
