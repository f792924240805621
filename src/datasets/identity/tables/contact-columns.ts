import {
  col,
  concat,
  div,
  eq,
  greatest,
  least,
  lookup,
  or,
  ordinal,
  padLeft,
  parent,
  sample,
  sampleGiven,
  sha256,
  sub,
  text,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import { OLDEST, YOUNGEST } from '../ages.ts'
import { civilFromDays } from '../../../core/expr/civil.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { hidden } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import type { Recipe } from '../recipe.ts'
import { chance, emailAddress } from '../../expressions.ts'

/**
 * A person's name, e-mail address and phone number in normal form, and their hashes. They never land with individuals;
 * each is computed only for the rows that ask for it.
 */
export const contactColumns = ({ settings }: Recipe): Table['columns'] => [
  hidden(
    'given_name',
    when(
      eq(col('gender'), 'M'),
      givenName('given_names_male', settings.asOf),
      givenName('given_names_female', settings.asOf),
    ),
  ),
  hidden('family_name', lookup('surnames', col('surname'), 'name')),
  hidden(
    'surname',
    when(
      or(eq(ordinal(), 0), eq(sample(chance(SAME_SURNAME), { stream: 'keeps_surname' }), 1)),
      parent('surname'),
      sample(law.vocabulary('surnames', 'weight')),
    ),
  ),
  hidden('email', emailAddress(col('given_name'), col('family_name')), {
    description: 'In normal form: trimmed, lower case. The key in base 36 makes it unique.',
  }),
  hidden(
    'phone',
    concat(
      '+1',
      lookup('us_places', parent('place'), 'area_code'),
      padLeft(text(sample(law.uniform(0, UNASSIGNED - 1))), 7, '0'),
    ),
    {
      description:
        'In E.164. Its exchange begins with 0 or 1, which are never assigned, so nobody has it.',
    },
  ),
  hidden('email_hash', sha256(col('email'))),
  hidden('phone_hash', sha256(col('phone'))),
]

/** The share of adults who have the surname of the household's first adult. */
const SAME_SURNAME = 0.85

/** Numbers behind an area code whose first digit is 0 or 1. */
const UNASSIGNED = 2_000_000

/** The decades of birth of people from 18 to 100 whose names are known. */
const decadesOf = (year: number): readonly number[] =>
  DECADES.filter((decade) => decade + 9 >= year - OLDEST && decade <= year - YOUNGEST)

const DECADES = [1920, 1930, 1940, 1950, 1960, 1970, 1980, 1990, 2000, 2010]

/** A name of those given in the decade of birth, or in the nearest one that is known. */
const givenName = (names: string, asOf: number): Expr => {
  const { year } = civilFromDays(asOf)
  const some = decadesOf(year)
  const decades = some.length > 0 ? some : DECADES.slice(-1)
  const laws = decades.map((decade) => law.vocabulary(names, `born_${decade}s`))
  const given = div(sub(year - (decades[0] ?? 0), col('age')), 10)
  return lookup(
    names,
    sampleGiven(greatest(least(given, decades.length - 1), 0), laws, { stream: names }),
    'name',
  )
}
