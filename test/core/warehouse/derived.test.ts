import { expect, test } from 'vitest'
import { DIALECT_NAMES, dialectNamed } from '../../../src/core/sql/dialects.ts'
import { SPARK } from '../../../src/core/sql/spark.ts'
import { derivedSql, type DerivedTable } from '../../../src/core/warehouse/derived.ts'

const sums: DerivedTable = {
  name: 'sums',
  query: ({ quoteIdentifier }, read) => `SELECT ${quoteIdentifier('a b')} FROM ${read('items')}`,
}

test('a derived table is a view, or a table of a pipeline without a provider', () => {
  const place = ['main', 'shop']
  expect(derivedSql(sums, { dialect: SPARK, kind: 'view', place })).toBe(
    'CREATE OR REPLACE VIEW `main`.`shop`.`sums` AS\nSELECT `a b` FROM `main`.`shop`.`items`;\n',
  )
  expect(derivedSql(sums, { dialect: SPARK, kind: 'materialized-view', place: [] })).toBe(
    'CREATE MATERIALIZED VIEW `sums` AS\nSELECT `a b` FROM `items`;\n',
  )
  expect(derivedSql(sums, { dialect: SPARK, kind: 'streaming-table', place: [] })).toBe(
    'CREATE STREAMING TABLE `sums` AS\nSELECT `a b` FROM STREAM(`items`);\n',
  )
})

test.each(DIALECT_NAMES)('hostile names of places are quoted by %s', (name) => {
  const dialect = dialectNamed(name)
  const place = ['a`b"c; DROP']
  const text = derivedSql(sums, { dialect, kind: 'view', place })
  expect(text).toContain(`${dialect.quoteIdentifier(place[0] ?? '')}.`)
})
