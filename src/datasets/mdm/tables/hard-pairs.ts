import {
  add,
  and,
  cases,
  col,
  eq,
  fold,
  greatest,
  gt,
  isNull,
  key,
  le,
  lookup,
  mod,
  mul,
  not,
  or,
  ordinal,
  parent,
  parentKey,
  sub,
  when,
} from '../../../core/expr/build.ts'
import type { Operand } from '../../../core/expr/build.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { check, children, column, hidden, table } from '../../../core/plan/build.ts'
import type { Column, Table } from '../../../core/plan/plan.ts'
import { IDENTITIES } from '../events.ts'
import { GROUP, ROLE } from '../households.ts'
import { entryOf } from '../../expressions.ts'
import { MOST_RECORDS, type Numbered } from '../record-keys.ts'
import type { Recipe } from '../recipe.ts'
import { recordId, SOURCE_TABLES, SOURCES } from '../source.ts'

/** Why a pair is hard to tell, by the number that the columns of customers hold; 0 is no pair. */
export const REASONS = [
  'none',
  'twins',
  'father_and_son',
  'same_name_and_birth_date',
  'shared_phone',
  'moved_and_changed_email',
  'moved_and_married',
] as const

const code = (reason: (typeof REASONS)[number]): number => REASONS.indexOf(reason)

/** Pairs of a customer with an earlier member of the household, by how much earlier, or with a stranger. */
const MEMBERS_BEFORE = [1, 2, 3]
const STRANGER = MEMBERS_BEFORE.length
/** Pairs of a customer's own first records in two sources, by the places of these. */
const OWN_PAIRS = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const
const PLACES = STRANGER + 1 + OWN_PAIRS.length
const CAPACITY = 8

/** Hidden columns of customers: the pairs in which each is the later one, and how many there are up to each place. */
export const pairColumns = (): readonly Column[] => [
  hidden('is_twin', and(eq(col('role'), ROLE.secondChild), home('twins'))),
  ...SOURCES.map((source) =>
    hidden(
      `${source}_state`,
      fold.max(
        SOURCE_TABLES[source],
        add(mul(col('address'), IDENTITIES), col('identity')),
        eq(ordinal(), 0),
      ),
      {
        description: 'Address · 3 + identity that the first record there shows; null without one.',
      },
    ),
  ),
  ...MEMBERS_BEFORE.map((distance, place) => hidden(pairName(place), pairInHousehold(distance))),
  hidden(pairName(STRANGER), pairWithStranger()),
  ...OWN_PAIRS.map(([a, b], i) => hidden(pairName(STRANGER + 1 + i), ownPair(a, b))),
  ...Array.from({ length: PLACES }, (_, place) => {
    const here = when(gt(col(pairName(place)), 0), 1, 0)
    return hidden(countName(place), place === 0 ? here : add(col(countName(place - 1)), here))
  }),
]

const pairName = (place: number): string => `pair_${place + 1}`
const countName = (place: number): string => `pairs_${place + 1}`

const home = (name: string): Expr => lookup('households', col('household'), name)

const before = (distance: number, name: string): Expr =>
  lookup('customers', greatest(sub(key(), distance), 1), name)

/** The first of the group before, unless one of the two ever has another surname. */
const pairWithStranger = (): Expr =>
  when(
    and(
      eq(col('role'), ROLE.head),
      home('is_double'),
      eq(col('surname'), before(GROUP, 'surname')),
      not(or(col('weds'), before(GROUP, 'weds'))),
    ),
    code('same_name_and_birth_date'),
    0,
  )

const pairInHousehold = (distance: number): Expr => {
  const [isHead, isNext] = [eq(col('member'), distance), distance === 1]
  return cases(
    [
      [gt(distance, col('member')), 0],
      [isNext ? col('is_twin') : false, code('twins')],
      [and(isHead, eq(col('role'), ROLE.firstChild), home('has_namesake')), code('father_and_son')],
      [and(col('uses_landline'), before(distance, 'uses_landline')), code('shared_phone')],
    ],
    0,
  )
}

/** The first records of a customer in two sources, when both the address and the identity have changed between them. */
const ownPair = (a: number, b: number): Expr => {
  const [one, other] = [stateOf(a), stateOf(b)]
  const identities = [mod(one, IDENTITIES), mod(other, IDENTITIES)] as const
  return cases(
    [
      [
        or(
          isNull(one),
          isNull(other),
          eq(identities[0], identities[1]),
          eq(sub(one, identities[0]), sub(other, identities[1])),
        ),
        0,
      ],
      [and(col('weds'), or(eq(identities[0], 0), eq(identities[1], 0))), code('moved_and_married')],
    ],
    code('moved_and_changed_email'),
  )
}

const stateOf = (source: number): Expr => col(`${SOURCES[source] ?? ''}_state`)

/** truth_hard_pairs: records that look alike and are of two people, and records of one that look unlike. */
export const hardPairTable = ({ volumes }: Recipe): Table =>
  table('truth_hard_pairs', {
    description:
      'Pairs of records that are hard to tell, with the reason: of two people who look alike, or of one who looks unlike.',
    rows: children('customers', CAPACITY, col(countName(PLACES - 1))),
    columns: [...landed(volumes.customers), ...behind()],
    references: [
      { columns: ['entity_id_1'], table: 'truth_entities', to: ['entity_id'] },
      { columns: ['entity_id_2'], table: 'truth_entities', to: ['entity_id'] },
    ],
    checks: [
      check(
        'truth_hard_pairs_same',
        eq(col('is_same'), eq(col('entity_id_1'), col('entity_id_2'))),
      ),
      check(
        'truth_hard_pairs_reason',
        or(...REASONS.slice(1).map((reason) => eq(col('reason'), reason))),
      ),
    ],
    promises: [{ kind: 'unique', name: 'pair_id is unique', columns: ['pair_id'] }],
  })

const landed = (customers: number): readonly Column[] => [
  column('pair_id', key(), { description: 'Number of the pair.' }),
  column('is_same', col('is_own'), { description: 'Whether both records are of one person.' }),
  column('reason', entryOf(col('code'), REASONS), { description: 'Why the pair is hard to tell.' }),
  column('entity_id_1', col('other'), { description: 'The customer behind the first record.' }),
  column('source_1', entryOf(col('place_1'), SOURCES), {
    description: 'Source of the first record.',
  }),
  column('record_id_1', firstRecord(col('place_1'), { customers, of: col('other') }), {
    description: 'The first record in its source.',
  }),
  column('entity_id_2', parentKey(), { description: 'The customer behind the second record.' }),
  column('source_2', entryOf(col('place_2'), SOURCES), {
    description: 'Source of the second record.',
  }),
  column('record_id_2', firstRecord(col('place_2'), { customers, of: parentKey() }), {
    description: 'The second record in its source.',
  }),
]

/** The first record of a customer in the source of a number. */
const firstRecord = (source: Expr, { customers, of }: Required<Numbered>): Expr =>
  entryOf(
    source,
    SOURCES.map((each) => recordId(each, { customers, of: mul(of, MOST_RECORDS) })),
  )

const behind = (): readonly Column[] => [
  hidden('place', placeOf(), { description: 'The place of the pair among those of the customer.' }),
  hidden(
    'code',
    entryOf(
      col('place'),
      Array.from({ length: PLACES }, (_, place) => parent(pairName(place))),
    ),
  ),
  hidden('is_own', gt(col('place'), STRANGER)),
  hidden(
    'other',
    when(
      col('is_own'),
      parentKey(),
      greatest(sub(parentKey(), entryOf(col('place'), [...MEMBERS_BEFORE, GROUP])), 1),
    ),
  ),
  hidden('place_1', sourceOf(0, lookup('customers', col('other'), 'sources'))),
  hidden('place_2', sourceOf(1, parent('sources'))),
]

/** The k-th pair of a customer is in the first place up to which there are more than k. */
const placeOf = (): Expr =>
  Array.from({ length: PLACES - 1 }, (_, place) =>
    when(le(parent(countName(place)), ordinal()), 1, 0),
  ).reduce<Operand>((sum, each) => add(sum, each), 0) as Expr

/** A source that knows the customer: of an own pair that of its side, else the first one. */
const sourceOf = (side: 0 | 1, sources: Expr): Expr =>
  when(
    col('is_own'),
    entryOf(
      greatest(sub(col('place'), STRANGER + 1), 0),
      OWN_PAIRS.map((pair) => pair[side]),
    ),
    entryOf(
      sources,
      Array.from({ length: 1 << SOURCES.length }, (_, set) =>
        Math.max(
          0,
          SOURCES.findIndex((_source, bit) => (set >> bit) % 2 === 1),
        ),
      ),
    ),
  )
