import { expect } from 'vitest'
import { HOSTILE_NAMES, HOSTILE_TEXTS } from '../support/hostile.ts'
import type { Speaker } from '../support/differential/digests.ts'

/** Asserts that an engine reads back every hostile text that its dialect quotes. */
export const readsTexts = async (
  { dialect, engine }: Speaker,
  further: readonly string[] = [],
): Promise<void> => {
  const texts = [...HOSTILE_TEXTS, ...further]
  const items = texts.map((text) => dialect.quoteString(text))
  for (const item of items) expect(item).not.toMatch(/[\n\r]/)
  const { cells } = await engine.columns(
    `SELECT ${items.map((item, i) => `${item} AS c${i}`).join(', ')}`,
  )
  expect(cells.map(([cell]) => cell)).toEqual(texts)
}

/** Asserts that an engine knows columns and named queries by every hostile name that its dialect quotes. */
export const knowsNames = async (
  { dialect, engine }: Speaker,
  allowed: (name: string) => boolean = () => true,
): Promise<void> => {
  const names = HOSTILE_NAMES.filter(allowed)
  expect(names.length).toBeGreaterThan(30)
  for (const name of names) {
    const quoted = dialect.quoteIdentifier(name)
    const found = await engine.columns(
      `WITH ${quoted} AS (SELECT 7 AS ${quoted}) SELECT ${quoted}.${quoted} AS ${quoted} FROM ${quoted}`,
    )
    expect(found).toEqual({ names: [name], cells: [[7]] })
  }
}
