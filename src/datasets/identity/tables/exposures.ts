import {
  add,
  and,
  cases,
  col,
  div,
  draw,
  eq,
  fold,
  ge,
  greatest,
  gt,
  hour,
  key,
  least,
  lookup,
  lt,
  mul,
  or,
  parent,
  parentKey,
  pick,
  sample,
  sampleGiven,
  scaleDraw,
  sub,
  timestamp,
  when,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { check, children, column, hidden, table } from '../../../core/plan/build.ts'
import type { PlanPromise, Table } from '../../../core/plan/plan.ts'
import { rounded } from '../../calibrate.ts'
import { CHANNEL_CODE, CHANNELS } from '../channels.ts'
import {
  delayLaw,
  EXPOSURE_CAPACITY,
  HOURS,
  lateShare,
  LONGEST_DELAY,
  utcShare,
} from '../exposures.ts'
import { type Recipe, SHORTEST_LIFE } from '../recipe.ts'
import { newestCampaign, startDay, TWO_LATER } from './campaigns.ts'
import { byType } from './identity-mappings.ts'
import { chance, DAY_SECONDS, SECOND, entryOf } from '../../expressions.ts'
import { inTime } from './parts.ts'

/** exposures: ads that people have seen. */
export const exposureTable = (recipe: Recipe): Table =>
  table('exposures', {
    description:
      'One row an ad that a person has seen: through an identifier of theirs that lives on that day and suits the channel, within the flight of the campaign.',
    rows: children('individuals', EXPOSURE_CAPACITY, col('exposures')),
    columns: [...landed(), ...through(), ...campaign(recipe), ...response(recipe)],
    references: [
      { columns: ['individual_id'], table: 'individuals', to: ['individual_id'] },
      { columns: ['campaign_id'], table: 'campaigns', to: ['campaign_id'] },
      { columns: ['mapping_id'], table: 'identity_mappings', to: ['mapping_id'] },
    ],
    checks: [
      check('exposures_channel', or(...CHANNELS.map((each) => eq(col('channel'), each)))),
      check('exposures_time', and(...inTime(col('exposure_timestamp')))),
    ],
    promises: promises(recipe),
  })

const landed = (): Table['columns'] => [
  column('exposure_id', key(), {
    description: `Number of the exposure: individual_id · ${EXPOSURE_CAPACITY} + its place among the person's.`,
  }),
  column('individual_id', parentKey(), { description: 'Who saw the ad.' }),
  column('campaign_id', add(col('campaign'), 1), { description: 'The campaign of the ad.' }),
  column('mapping_id', pick('identity_mappings', parentKey(), { stream: 'slot' }), {
    description: 'The identifier by which the person was reached.',
  }),
  column(
    'exposure_timestamp',
    add(
      timestamp('start'),
      mul(add(mul(col('local_day'), DAY_SECONDS), col('utc_second')), SECOND),
    ),
    { description: 'When the ad was seen (UTC).' },
  ),
  column('channel', entryOf(col('channel_code'), CHANNELS), {
    description: 'The channel of the campaign, which the identifier suits.',
  }),
]

/** The identifier, a whole day inside its life, and a time of that day by the household's clock. */
const through = (): Table['columns'] => [
  hidden('slot', scaleDraw(draw(), parent('identifiers')), {
    description: 'The place of mapping_id among the identifiers of the person, by the same draw.',
  }),
  hidden('channel_code', byType(col('slot'), TYPE_CHANNELS)),
  hidden('first_day', ofMapping('first_day'), {
    description: "Days after the person's created_at.",
  }),
  hidden('last_day', ofMapping('last_day'), { description: "Days after the person's created_at." }),
  hidden(
    'local_day',
    add(
      parent('created_day'),
      add(col('first_day'), 1),
      scaleDraw(draw(), greatest(sub(sub(col('last_day'), col('first_day')), 2), 1)),
    ),
    { description: 'Days from start. West of Greenwich a local day ends on the next UTC day.' },
  ),
  hidden('local_second', sample(law.timeOfDay(HOURS))),
  hidden('utc_second', add(col('local_second'), parent('utc_shift'))),
]

/** Devices show ads of two channels. */
const TYPE_CHANNELS = {
  email_hash: CHANNEL_CODE.email,
  mobile_ad_id: CHANNEL_CODE.mobile,
  ctv_id: CHANNEL_CODE.ctv,
  hashed_phone: CHANNEL_CODE.sms,
  device_id: sample(law.uniform(CHANNEL_CODE.display, CHANNEL_CODE.mobile), { stream: 'device' }),
  cookie_id: CHANNEL_CODE.display,
}

/** One of the two campaigns that are surely in flight, or the one before them while it lasts. */
const campaign = (recipe: Recipe): Table['columns'] => [
  hidden(
    'day',
    least(add(col('local_day'), div(col('utc_second'), DAY_SECONDS)), recipe.days - 1),
    {
      description: 'UTC days from start.',
    },
  ),
  hidden('newest', newestCampaign({ day: col('day'), channel: col('channel_code') }, recipe)),
  hidden('back', sample(law.uniform(0, 2))),
  hidden('campaign', chosen(earlier(recipe), col('newest')), {
    description: 'Number of the campaign, from 0.',
  }),
]

/** A case may not be without branches. */
const chosen = (branches: readonly (readonly [Expr, Expr])[], otherwise: Expr): Expr =>
  branches.length > 0 ? cases(branches, otherwise) : otherwise

/** The choices before the newest campaign of a channel, as far as a channel has so many. */
const earlier = (recipe: Recipe): readonly (readonly [Expr, Expr])[] => {
  const newest = col('newest')
  const before = sub(newest, CHANNELS.length)
  const older = sub(newest, TWO_LATER)
  const lasts = lt(
    sub(col('day'), startDay(newest, recipe)),
    lookup('campaigns', add(greatest(older, 0), 1), 'extra_days'),
  )
  const { campaigns } = recipe.settings
  return [
    ...(campaigns > CHANNELS.length
      ? [[and(eq(col('back'), 1), ge(newest, CHANNELS.length)), before] as const]
      : []),
    ...(campaigns > TWO_LATER
      ? [[and(eq(col('back'), 2), ge(newest, TWO_LATER), lasts), older] as const]
      : []),
  ]
}

/**
 * Most exposures are never answered whatever their channel: the first draw decides for them, the second one by channel
 * among the others.
 */
const response = ({ settings, responseRates }: Recipe): Table['columns'] => [
  hidden('may_respond', sample(chance(Math.max(...responseRates)))),
  hidden(
    'responds',
    when(
      eq(col('may_respond'), 1),
      sampleGiven(col('channel_code'), relative(responseRates).map(chance)),
      0,
    ),
    { description: 'Whether a response follows, if the data lasts long enough, 1 or 0.' },
  ),
  hidden('delay', sample(delayLaw(settings)), { description: 'Seconds until the response.' }),
  hidden('response_timestamp', add(col('exposure_timestamp'), mul(col('delay'), SECOND))),
  hidden(
    'responses',
    when(eq(col('responds'), 1), when(lt(col('response_timestamp'), timestamp('asOf')), 1, 0), 0),
  ),
]

/** Rates as parts of the largest. */
const relative = (rates: readonly number[]): readonly number[] => {
  const largest = Math.max(...rates)
  return rates.map((rate) => (largest > 0 ? rate / largest : 0))
}

const promises = ({ settings, places }: Recipe): readonly PlanPromise[] => [
  { kind: 'unique', name: 'exposure_id is unique', columns: ['exposure_id'] },
  {
    kind: 'rate',
    name: 'every ad is seen within the flight of its campaign',
    of: and(
      ge(col('exposure_timestamp'), ofCampaign('start_at')),
      lt(col('exposure_timestamp'), ofCampaign('end_at')),
    ),
    asked: 1,
  },
  {
    kind: 'rate',
    name: 'every identifier lives when the ad is seen',
    of: and(
      ge(col('exposure_timestamp'), ofMapping('first_seen')),
      lt(col('exposure_timestamp'), ofMapping('last_seen')),
    ),
    asked: 1,
  },
  {
    kind: 'rate',
    name: "ads seen before 5 o'clock UTC, when it is evening in most places",
    of: lt(hour(col('exposure_timestamp')), EVENING_END),
    asked: rounded(utcShare(EVENING_END, places)),
    tolerance: 0.002,
    unit: 'households',
  },
  {
    kind: 'rate',
    name: 'ads that are answered, of those whose answers all come before the data ends',
    of: gt(fold.count('response_events'), 0),
    among: lt(col('exposure_timestamp'), sub(timestamp('asOf'), LONGEST_DELAY * SECOND)),
    asked: settings.responseRate,
    tolerance: 0.0005,
    unit: 'households',
  },
  {
    kind: 'mean',
    name: 'responses to an ad before the data ends',
    of: fold.count('response_events'),
    asked: settings.responseRate,
    tolerance: rounded(0.0005 + settings.responseRate * lateShare(settings, SHORTEST_LIFE)),
    unit: 'households',
  },
]

const EVENING_END = 5

const ofCampaign = (name: string): Expr => lookup('campaigns', col('campaign_id'), name)

const ofMapping = (name: string): Expr => lookup('identity_mappings', col('mapping_id'), name)
