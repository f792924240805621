import {
  add,
  and,
  cases,
  col,
  draw,
  eq,
  ge,
  greatest,
  gt,
  key,
  le,
  least,
  lookup,
  lt,
  mul,
  or,
  ordinal,
  parent,
  parentKey,
  sample,
  scaleDraw,
  sub,
  when,
} from '../../../core/expr/build.ts'
import type { Operand } from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { check, children, column, hidden, table, virtualTable } from '../../../core/plan/build.ts'
import type { PlanPromise, Table } from '../../../core/plan/plan.ts'
import { IDENTIFIER_TYPES } from '../identifiers.ts'
import type { Recipe } from '../recipe.ts'
import { DAY_SECONDS, SECOND } from '../../expressions.ts'
import { inTime } from './parts.ts'

/** Keys of a person's identifiers lie so far apart. */
export const SLOTS = 16

/** slots: a draw for each place that an identifier of a person may take, by which its life begins. */
export const slotTable = (): Table =>
  virtualTable('slots', {
    description: 'Draws that decide when the identifier of a slot begins.',
    rows: children('individuals', SLOTS, SLOTS),
    columns: [hidden('bits', draw())],
  })

/** identity_mappings: the identifiers by which people are seen. */
export const mappingTable = (recipe: Recipe): Table =>
  table('identity_mappings', {
    description:
      'One row an identifier of a person. TV ids and some cookies belong to the household, so its members have the same value; hashes are the SHA-256 of the normalised e-mail address or phone number.',
    rows: children('individuals', SLOTS, col('identifiers')),
    columns: [...landed(), ...behind(recipe)],
    references: [{ columns: ['individual_id'], table: 'individuals', to: ['individual_id'] }],
    checks: [
      check(
        'identity_mappings_type',
        or(...IDENTIFIER_TYPES.map((each) => eq(col('identifier_type'), each))),
      ),
      check('identity_mappings_life', lt(col('first_seen'), col('last_seen'))),
      check(
        'identity_mappings_created',
        and(ge(col('created_at'), col('first_seen')), ...inTime(col('created_at'))),
      ),
      check(
        'identity_mappings_seen',
        and(...inTime(col('first_seen')), ...inTime(col('last_seen'))),
      ),
    ],
    promises: promises(),
  })

/** Results by the type of a slot's identifier, in the order of the slots. */
export const byType = (
  slot: Expr,
  results: Readonly<Record<(typeof IDENTIFIER_TYPES)[number], Operand>>,
): Expr =>
  cases(
    [
      [lt(slot, parent('has_email')), results.email_hash],
      [lt(slot, parent('tv_slot')), results.mobile_ad_id],
      [lt(slot, parent('phone_slot')), results.ctv_id],
      [lt(slot, parent('device_slot')), results.hashed_phone],
      [lt(slot, parent('cookie_slot')), results.device_id],
    ],
    results.cookie_id,
  )

/** The first day of an identifier's life, in whole days after the person's. */
const firstDay = (days: number): Expr =>
  least(
    add(
      mul(greatest(cookie, 0), parent('cookie_days')),
      scaleDraw(
        bits(ordinal()),
        cases(
          [
            [gt(cookie, 0), parent('cookie_jitter')],
            [eq(cookie, 0), 0],
          ],
          FIRST_WEEKS,
        ),
      ),
    ),
    days,
  )

/** The last day of an identifier's life: where the next cookie begins, else the person's last. */
const lastDay = (days: number): Expr =>
  when(
    or(lt(cookie, 0), eq(add(ordinal(), 1), parent('identifiers'))),
    parent('life'),
    least(
      add(
        mul(greatest(add(cookie, 1), 0), parent('cookie_days')),
        scaleDraw(bits(least(add(ordinal(), 1), SLOTS - 1)), parent('cookie_jitter')),
      ),
      days,
    ),
  )

const cookie = col('cookie')

/** Identifiers that are no cookies are first seen within so many days. */
const FIRST_WEEKS = 28

/** Seconds within which a new identifier is written down. */
const LONGEST_LAG = 21_600

const bits = (slot: Expr): Expr => lookup('slots', add(mul(parentKey(), SLOTS), slot), 'bits')

const landed = (): Table['columns'] => [
  column('mapping_id', key(), {
    description: `Number of the identifier: individual_id · ${SLOTS} + its slot.`,
  }),
  column('individual_id', parentKey(), { description: 'The person it belongs to.' }),
  column(
    'identifier_type',
    byType(ordinal(), {
      email_hash: 'email_hash',
      mobile_ad_id: 'mobile_ad_id',
      ctv_id: 'ctv_id',
      hashed_phone: 'hashed_phone',
      device_id: 'device_id',
      cookie_id: 'cookie_id',
    }),
    { description: 'What kind of identifier it is.' },
  ),
  column('identifier_value', value(), {
    description: 'A UUID, or for e-mail and phone 64 hexadecimal digits of a SHA-256.',
  }),
  column('first_seen', seen(col('first_day')), {
    description: 'When the identifier was first seen (UTC).',
  }),
  column('last_seen', seen(col('last_day')), {
    description: 'When it was last seen (UTC); cookies of one person follow one another.',
  }),
  column('created_at', add(col('first_seen'), mul(sample(law.uniform(0, LONGEST_LAG)), SECOND)), {
    description: 'When the identifier was written down (UTC), soon after it was first seen.',
  }),
]

const seen = (day: Expr): Expr => add(parent('created_at'), mul(day, DAY_SECONDS * SECOND))

const value = (): Expr =>
  cases(
    [
      [lt(ordinal(), parent('has_email')), ofPerson('email_hash')],
      [col('is_phone'), ofPerson('phone_hash')],
      [col('is_tv'), ofHousehold('tv_id')],
      [col('is_shared_cookie'), ofHousehold('shared_cookie_id')],
    ],
    draw('uuid'),
  )

const ofPerson = (name: string): Expr => lookup('individuals', parentKey(), name)
const ofHousehold = (name: string): Expr => lookup('households', parent('household_id'), name)

const behind = ({ days }: Recipe): Table['columns'] => [
  hidden('cookie', sub(ordinal(), parent('cookie_slot')), {
    description: 'The number of the cookie in the slot, negative for other types.',
  }),
  hidden('first_day', firstDay(days), { description: "Days after the person's created_at." }),
  hidden('last_day', lastDay(days), { description: "Days after the person's created_at." }),
  hidden('household_id', parent('household_id')),
  hidden(
    'is_phone',
    and(ge(ordinal(), parent('phone_slot')), lt(ordinal(), parent('device_slot'))),
  ),
  hidden('is_tv', and(ge(ordinal(), parent('tv_slot')), lt(ordinal(), parent('phone_slot')))),
  hidden(
    'is_shared_cookie',
    and(eq(ordinal(), parent('cookie_slot')), eq(parent('shares_cookie'), 1)),
  ),
]

const promises = (): readonly PlanPromise[] => [
  { kind: 'unique', name: 'mapping_id is unique', columns: ['mapping_id'] },
  {
    kind: 'unique',
    name: 'a person has an identifier once',
    columns: ['individual_id', 'identifier_value'],
  },
  {
    kind: 'disjoint',
    name: 'cookies of a person follow one another',
    by: ['individual_id'],
    from: 'first_seen',
    to: 'last_seen',
    where: eq(col('identifier_type'), 'cookie_id'),
  },
  {
    kind: 'rate',
    name: 'no identifier is older than its person',
    of: and(
      ge(col('first_seen'), parent('created_at')),
      le(parent('created_at'), col('created_at')),
    ),
    asked: 1,
  },
]
