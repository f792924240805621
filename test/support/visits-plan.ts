import * as e from '../../src/core/expr/build.ts'
import { law } from '../../src/core/expr/build-law.ts'
import * as p from '../../src/core/plan/build.ts'
import type { Plan } from '../../src/core/plan/plan.ts'

/** People and their visits: every type, a check, a reference, a description with quotes, a null now and then. */
export const visitsPlan = (people: number, seed = 5): Plan =>
  p.plan({
    name: 'visits',
    seed,
    start: '2024-01-01',
    asOf: '2024-12-31',
    parameters: { people: p.size(people, { min: 0 }) },
    tables: [
      p.table('people', {
        description: "people's \\ list",
        rows: p.range(e.quantity('people')),
        columns: [
          p.column('person_id', e.key()),
          p.column('name', e.concat("d'Arc \\ ", e.call('text', [e.key()])), {
            description: 'the "name" of it, it\'s here',
          }),
          p.column('born', e.add(e.date('1980-01-01'), e.sample(law.uniform(0, 9000)))),
          p.column('member', e.sample(law.chance(0.5), { type: e.BOOLEAN }), { nullRate: 0.2 }),
        ],
      }),
      p.table('visits', {
        rows: p.children('people', 4, e.sample(law.uniform(0, 3))),
        columns: [
          p.column('visit_id', e.key()),
          p.column('person_id', e.parentKey()),
          p.column(
            'at',
            e.add(e.timestamp('2024-01-01T00:00:00Z'), e.sample(law.uniform(0, 900_000))),
          ),
          p.column('paid', e.sample(law.uniform(0, 90_000), { type: e.decimalType(9, 2) })),
          p.column('area', e.sample(law.uniform(1, 9))),
        ],
        references: [{ columns: ['person_id'], table: 'people', to: ['person_id'] }],
        checks: [p.check('area_known', e.le(e.col('area'), 9))],
      }),
    ],
  })
