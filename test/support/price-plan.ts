import * as e from '../../src/core/expr/build.ts'
import type { Expr } from '../../src/core/expr/expr.ts'
import { law } from '../../src/core/expr/build-law.ts'
import * as p from '../../src/core/plan/build.ts'
import type { Plan } from '../../src/core/plan/plan.ts'

/** Products whose price changes, and sales that promise to be at the price of their day; by default they are. */
export const pricePlan = ({ late = 0 }: { readonly late?: number } = {}): Plan =>
  p.plan({
    name: 'prices',
    seed: 3,
    tables: [
      p.table('products', {
        rows: p.range(40),
        columns: [
          p.column('product', e.key()),
          p.hidden('changes', e.sample(law.uniform(1, 4))),
          p.hidden('first', e.sample(law.uniform(0, 30))),
        ],
      }),
      p.table('prices', {
        rows: p.children('products', 4, e.col('changes')),
        columns: [
          p.column('price_number', e.key()),
          p.column('product', e.parentKey()),
          p.column('since', e.add(e.parent('first'), e.mul(e.ordinal(), 20))),
          p.column('cents', e.sample(law.uniform(100, 10_000))),
        ],
      }),
      p.table('sales', {
        rows: p.children('products', 16, 16),
        columns: [
          p.column('sale', e.key()),
          p.column('product', e.parentKey()),
          p.column('day', e.sample(law.uniform(0, 100))),
          p.column('cents', priceOf(e.sub(e.col('day'), late))),
        ],
        promises: [
          {
            kind: 'rate',
            name: 'sold at the price of the day',
            of: e.or(
              e.eq(e.col('cents'), priceOf(e.col('day'))),
              e.and(e.isNull(e.col('cents')), e.isNull(priceOf(e.col('day')))),
            ),
            asked: 1,
          },
        ],
      }),
    ],
  })

const priceOf = (day: Expr): Expr =>
  e.lookup('prices', e.at('prices', { parent: e.parentKey(), from: 'since', time: day }), 'cents')
