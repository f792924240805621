import { key, quantity, sample } from '../../src/core/expr/build.ts'
import { law } from '../../src/core/expr/build-law.ts'
import { column, plan, range, size, table } from '../../src/core/plan/build.ts'

/** One table of two columns: the smallest plan that lands something. */
export const hello = plan({
  name: 'hello',
  seed: 42,
  parameters: { people: size(1000, { min: 1 }) },
  tables: [
    table('greetings', {
      rows: range(quantity('people')),
      columns: [
        column('greeting_id', key()),
        column('greeting', sample(law.weighted({ hello: 5, 'good morning': 3, 'hi there': 2 }))),
      ],
    }),
  ],
})
