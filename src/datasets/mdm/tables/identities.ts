import {
  and,
  concat,
  col,
  eq,
  key,
  lookup,
  lower,
  ordinal,
  parent,
  sample,
  text,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import { children, hidden, virtualTable } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import { ADDRESSES, IDENTITIES } from '../events.ts'
import { inAddress } from '../../expressions.ts'
import { UNASSIGNED } from '../parts.ts'

/** identities: a person's surname and e-mail address between two changes. */
export const identityTable = (): Table =>
  virtualTable('identities', {
    description: 'The surnames and e-mail addresses of a customer, one after another.',
    rows: children('customers', IDENTITIES, IDENTITIES),
    columns: [
      hidden(
        'surname',
        when(and(eq(ordinal(), 0), parent('weds')), parent('own_surname'), parent('surname')),
        { description: 'Row of the surname.' },
      ),
      hidden('last_name', lookup('surnames', col('surname'), 'name')),
      hidden('email_domain', sample(law.vocabulary('email_domains', 'weight')), {
        description: 'Row of the provider.',
      }),
      hidden(
        'email_local',
        concat(
          lower(parent('first_name')),
          sample(SEPARATORS, { stream: 'separator' }),
          inAddress(col('last_name')),
          text(key()),
        ),
        { description: 'What stands before the at sign.' },
      ),
      hidden(
        'email',
        concat(col('email_local'), '@', lookup('email_domains', col('email_domain'), 'domain')),
        { description: 'The number before the at sign is the key, so no two are alike.' },
      ),
    ],
  })

const SEPARATORS = law.weighted({ '.': 62, _: 13, '': 25 })

/** lines: a person's telephone number at each address of the household. */
export const lineTable = (): Table =>
  virtualTable('lines', {
    description: 'Telephone numbers of a customer, one for each address of the household.',
    rows: children('customers', ADDRESSES, ADDRESSES),
    columns: [hidden('number', sample(law.uniform(0, UNASSIGNED - 1)))],
  })
