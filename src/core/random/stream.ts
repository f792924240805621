import { fail } from '../errors.ts'
import type { StreamConstants } from './mixer.ts'
import { sha256Hex } from '../sha256.ts'

/** What a plan's randomness starts from: an integer of absolute value below 2^53, or any text. */
export type Seed = number | string

/** The logical name of a stream: the table and stream names as the plan writes them, and a literal index. */
export interface StreamName {
  readonly table: string
  readonly stream: string
  readonly index?: number
}

/**
 * The constants of a stream: the first five little-endian words of the SHA-256 of `streamText`.
 * Throws plan.invalid for a seed or index that is not an integer in range. A host may hand in a faster SHA-256 of a
 * text, in lower-case hex.
 */
export const streamConstants = (
  seed: Seed,
  name: StreamName,
  sha256: (text: string) => string = sha256Hex,
): StreamConstants => {
  const hex = sha256(streamText(seed, name))
  const byte = (i: number): number => parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  const word = (i: number): number =>
    byte(i) + 2 ** 8 * byte(i + 1) + 2 ** 16 * byte(i + 2) + 2 ** 24 * byte(i + 3)
  return [word(0), word(4), word(8), word(12), word(16)]
}

/**
 * The text that is hashed: a JSON array without spaces of seed, table, stream and, if there is one, index.
 * Quoting keeps table `a.b`, stream `c` apart from table `a`, stream `b.c`, and the seed 7 from the seed "7".
 */
export const streamText = (seed: Seed, name: StreamName): string => {
  checkSeed(seed)
  const { table, stream, index } = name
  if (index === undefined) return JSON.stringify([seed, table, stream])
  checkIndex(name, index)
  return JSON.stringify([seed, table, stream, index])
}

const checkSeed = (seed: Seed): void => {
  if (typeof seed === 'string' || Number.isSafeInteger(seed)) return
  fail('plan.invalid', `seed ${seed} is not an integer below 2^53 in size`, {
    hint: 'use a smaller integer, or a text, which is hashed',
  })
}

const checkIndex = ({ table, stream }: StreamName, index: number): void => {
  if (Number.isSafeInteger(index) && index >= 0) return
  fail(
    'plan.invalid',
    `index ${index} of stream ${table}.${stream} is not an integer from 0 below 2^53`,
    {
      hint: 'an index that depends on data needs a row space of its own',
    },
  )
}
