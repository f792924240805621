import {
  add,
  cases,
  col,
  date,
  eq,
  key,
  or,
  and,
  ge,
  lt,
  sub,
  when,
} from '../../../core/expr/build.ts'
import { hidden, range, virtualTable } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import type { Recipe } from '../recipe.ts'

/** days: the only table whose extent grows; each day's number of orders is a law. */
export const dayTable = ({ settings, dailyOrders, summers }: Recipe): Table =>
  virtualTable('days', {
    description: 'One row a day of the data.',
    rows: range({ parameter: 'days' }),
    columns: [
      hidden('day', sub(key(), 1), { description: 'Days from start.' }),
      hidden('date', add(date('start'), col('day'))),
      hidden(
        'is_summer',
        when(
          or(
            ...summers.map(([from, to]) =>
              and(ge(col('day'), from - settings.start), lt(col('day'), to - settings.start)),
            ),
          ),
          1,
          0,
        ),
        { description: 'Whether clocks show daylight saving time from two in the morning.' },
      ),
      hidden(
        'orders',
        cases(
          dailyOrders.slice(0, -1).map((orders, day) => [eq(col('day'), day), orders] as const),
          dailyOrders.at(-1) ?? 0,
        ),
        {
          description:
            'Orders of the day: a year of them, cut by the weights of months and weekdays.',
        },
      ),
    ],
  })
