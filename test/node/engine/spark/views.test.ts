import { beforeAll, describe, expect, it } from 'vitest'
import { landedColumns } from '../../../../src/core/run/landed.ts'
import { digestQuery } from '../../../../src/core/sql/digest.ts'
import { renderLandedWithViews } from '../../../../src/core/sql/landed.ts'
import { SPARK } from '../../../../src/core/sql/spark.ts'
import { dropView, makeView, SESSION_VIEWS } from '../../../../src/core/sql/views.ts'
import { typedIdentity } from '../../../datasets/identity-rows.ts'
import { nativeDigests, type Subject } from '../../../support/differential/digests.ts'
import { tableIn } from '../../../core/sql/plans.ts'
import { SPARK_FOLDER, type SparkServer, startSpark } from './server.ts'

/** So short that constants and the inner layers of these tables become views. */
const MOST = 20_000

const plan = typedIdentity({ households: 50 })

describe.skipIf(SPARK_FOLDER === undefined)('Spark with views', () => {
  let spark: SparkServer
  beforeAll(async () => {
    spark = await startSpark()
    return async () => spark.stop()
  }, 180_000)

  const sparkDigest = async ({ table }: Subject): Promise<string> => {
    const places = { ...SESSION_VIEWS, most: MOST }
    const { text, views } = renderLandedWithViews(plan, table, { dialect: SPARK, places })
    expect(views.length).toBeGreaterThan(3)
    for (const view of views) await spark.session.run(makeView('TEMPORARY VIEW', view))
    const columns = landedColumns(table).map(({ landedName, shape }) => ({
      name: landedName,
      type: shape.type,
    }))
    const { cells } = await spark.session.columns(digestQuery('spark', columns, text))
    for (const view of views) await spark.session.run(dropView(view))
    return String(cells[1]?.[0])
  }

  it.each(['households', 'exposures'])(
    'makes the native rows of %s',
    async (name) => {
      const subject = { plan, table: tableIn(plan, name) }
      const native = nativeDigests(subject)({ from: 0, to: subject.table.maxKey + 1 })
      expect(native.rows()).toBeGreaterThanOrEqual(50)
      expect(await sparkDigest(subject)).toBe(native.hex())
    },
    300_000,
  )
})
