import {
  add,
  and,
  cases,
  col,
  concat,
  date,
  div,
  eq,
  ge,
  greatest,
  gt,
  key,
  le,
  least,
  lookup,
  lt,
  mod,
  month,
  mul,
  or,
  sample,
  sub,
  text,
  timestamp,
  year,
} from '../../../core/expr/build.ts'
import { law } from '../../../core/expr/build-law.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { check, column, hidden, range, table } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import { CHANNELS } from '../channels.ts'
import type { Recipe } from '../recipe.ts'
import { DAY_SECONDS, SECOND, entryOf } from '../../expressions.ts'

/**
 * campaigns: number i (from 0) runs in channel i mod 5. Campaigns start evenly over the time, the first of each channel
 * at once, and run at least until the next but one of their channel starts, so that on every day two of each channel
 * are in flight and can be computed.
 */
export const campaignTable = (recipe: Recipe): Table =>
  table('campaigns', {
    description: 'One row a campaign. In every channel at least one is in flight at any time.',
    rows: range({ parameter: 'campaigns' }),
    columns: [...landed(), ...behind(recipe)],
    checks: [
      check('campaigns_channel', or(...CHANNELS.map((each) => eq(col('channel'), each)))),
      check('campaigns_flight', lt(col('start_at'), col('end_at'))),
      check(
        'campaigns_start',
        and(ge(col('start_at'), timestamp('start')), lt(col('start_at'), timestamp('asOf'))),
      ),
      check('campaigns_budget', gt(col('budget_cents'), 0)),
    ],
    promises: [{ kind: 'unique', name: 'campaign_id is unique', columns: ['campaign_id'] }],
  })

/** The day from start on which campaign number `index` starts; beyond the last one, on which it would. */
export const startDay = (index: Expr, { settings, days }: Recipe): Expr =>
  div(mul(greatest(sub(index, FIRST), 0), days), gridOf(settings.campaigns))

/** The number of the last campaign of a channel that has started by a day from start: the inverse of startDay. */
export const newestCampaign = (
  { day, channel }: { readonly day: Expr; readonly channel: Expr },
  { settings, days }: Recipe,
): Expr => {
  const started = add(div(sub(mul(add(day, 1), gridOf(settings.campaigns)), 1), days), FIRST)
  return sub(started, mod(sub(started, channel), CHANNELS.length))
}

/** How many campaigns later the next but one of a channel is. */
export const TWO_LATER = 2 * CHANNELS.length

/** The last campaign that starts on the first day: one of each channel does. */
const FIRST = CHANNELS.length - 1

const gridOf = (campaigns: number): number => campaigns - FIRST

/** No flight ends later than so many days after the data does. */
const LATEST_END = 30

const landed = (): Table['columns'] => [
  column('campaign_id', key(), { description: 'Number of the campaign, from 1.' }),
  column(
    'name',
    concat(
      season(month(col('start_date'))),
      ' ',
      text(year(col('start_date'))),
      ' ',
      words('theme'),
      ' ',
      words('goal'),
    ),
    { description: 'Season and year of the start, theme and goal.' },
  ),
  column('channel', entryOf(col('channel_code'), CHANNELS), { description: 'Where its ads run.' }),
  column(
    'advertiser',
    lookup('advertisers', sample(law.vocabulary('advertisers', 'weight')), 'name'),
    { description: 'Who pays; none of these companies exists.' },
  ),
  column('budget_cents', sample(BUDGET), {
    description: 'Budget in cents of a dollar.',
    range: [100_000, 1_000_000_000],
  }),
  column('start_at', midnight(col('start_day')), {
    description: 'First instant of its flight (UTC).',
  }),
  column('end_at', midnight(col('end_day')), {
    description: 'First instant after its flight (UTC); it may lie after the data ends.',
  }),
]

const BUDGET = law.logNormal(5_000_000, 1, { low: 100_000, high: 1_000_000_000, step: 10_000 })

const midnight = (day: Expr): Expr => add(timestamp('start'), mul(day, DAY_SECONDS * SECOND))

const words = (kind: string): Expr =>
  lookup('campaign_words', sample(law.vocabulary('campaign_words', kind), { stream: kind }), 'word')

const season = (of: Expr): Expr =>
  cases(
    [
      [le(of, 2), 'Winter'],
      [le(of, 5), 'Spring'],
      [le(of, 8), 'Summer'],
      [le(of, 10), 'Fall'],
    ],
    'Holiday',
  )

const behind = (recipe: Recipe): Table['columns'] => {
  const { settings, days } = recipe
  const index = sub(key(), 1)
  const step = Math.floor((CHANNELS.length * days) / gridOf(settings.campaigns))
  return [
    hidden('channel_code', mod(index, CHANNELS.length)),
    hidden('start_day', startDay(index, recipe), { description: 'Days from start.' }),
    hidden('start_date', add(date('start'), col('start_day'))),
    hidden('extra_days', sample(law.uniform(0, step)), {
      description: 'Days of flight after the next but one of the channel has started.',
    }),
    hidden(
      'end_day',
      least(add(startDay(add(index, TWO_LATER), recipe), col('extra_days')), days + LATEST_END),
    ),
  ]
}
