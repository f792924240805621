import {
  and,
  col,
  eq,
  gt,
  key,
  lookup,
  lt,
  or,
  parentKey,
  sampleGiven,
  timestamp,
} from '../../../core/expr/build.ts'
import type { Expr } from '../../../core/expr/expr.ts'
import { check, children, column, table } from '../../../core/plan/build.ts'
import type { Table } from '../../../core/plan/plan.ts'
import { RESPONSE_LAWS, RESPONSES } from '../channels.ts'

/** response_events: what people did about ads. */
export const responseTable = (): Table =>
  table('response_events', {
    description:
      'One row a response to an ad, later than the exposure; one that would come after the data ends is absent.',
    rows: children('exposures', 1, col('responses')),
    columns: columns(),
    references: [
      { columns: ['exposure_id'], table: 'exposures', to: ['exposure_id'] },
      { columns: ['individual_id'], table: 'individuals', to: ['individual_id'] },
      { columns: ['campaign_id'], table: 'campaigns', to: ['campaign_id'] },
    ],
    checks: [
      check('response_events_type', or(...RESPONSES.map((each) => eq(col('response_type'), each)))),
      check(
        'response_events_time',
        and(
          gt(col('response_timestamp'), col('exposure_timestamp')),
          lt(col('response_timestamp'), timestamp('asOf')),
        ),
      ),
    ],
    promises: [
      { kind: 'unique', name: 'response_id is unique', columns: ['response_id'] },
      { kind: 'unique', name: 'an ad is answered once', columns: ['exposure_id'] },
    ],
  })

// A lookup computes these for the few exposures that are answered, a parent for all of them.
const ofExposure = (name: string): Expr => lookup('exposures', parentKey(), name)

const columns = (): Table['columns'] => [
  column('response_id', key(), { description: 'Number of the response: that of its exposure.' }),
  column('exposure_id', parentKey(), { description: 'The ad that was answered.' }),
  column('individual_id', ofExposure('individual_id'), { description: 'Who answered.' }),
  column('campaign_id', ofExposure('campaign_id'), { description: 'The campaign of the ad.' }),
  column('response_type', sampleGiven(ofExposure('channel_code'), RESPONSE_LAWS), {
    description: 'What the person did; the channel decides what is common.',
  }),
  column('response_timestamp', ofExposure('response_timestamp'), {
    description: 'When the person answered (UTC).',
  }),
  column('exposure_timestamp', ofExposure('exposure_timestamp'), {
    description: 'When the ad was seen (UTC).',
  }),
]
