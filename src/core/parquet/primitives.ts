import { packBits } from './bits.ts'
import { fixedBounds, float64Bounds, int32Bounds, wordBounds } from './bounds.ts'
import { createCrc32 } from './crc32.ts'
import { deltaFloat64, deltaInt32 } from './delta.ts'
import { latticeFloat64, latticeInt32 } from './lattice.ts'
import {
  compactFixed,
  compactFloat64,
  compactInt32,
  compactWords,
  definitionLevels,
} from './nulls.ts'
import { countRuns } from './runs.ts'
import { shiftOffsets, wordLengths } from './words.ts'

/** The loops that cost time, as functions over typed arrays; the plain TypeScript ones are their meaning. */
export interface ParquetPrimitives {
  readonly deltaInt32: typeof deltaInt32
  readonly deltaFloat64: typeof deltaFloat64
  readonly packBits: typeof packBits
  readonly countRuns: typeof countRuns
  readonly int32Bounds: typeof int32Bounds
  readonly float64Bounds: typeof float64Bounds
  readonly fixedBounds: typeof fixedBounds
  readonly wordBounds: typeof wordBounds
  readonly latticeInt32: typeof latticeInt32
  readonly latticeFloat64: typeof latticeFloat64
  readonly definitionLevels: typeof definitionLevels
  readonly compactInt32: typeof compactInt32
  readonly compactFloat64: typeof compactFloat64
  readonly compactFixed: typeof compactFixed
  readonly compactWords: typeof compactWords
  readonly shiftOffsets: typeof shiftOffsets
  readonly wordLengths: typeof wordLengths
  readonly crc32: ReturnType<typeof createCrc32>
}

/** The primitives in plain TypeScript; a host may replace some, say `crc32`, by faster ones of equal results. */
export const plainPrimitives = (): ParquetPrimitives => ({
  deltaInt32,
  deltaFloat64,
  packBits,
  countRuns,
  int32Bounds,
  float64Bounds,
  fixedBounds,
  wordBounds,
  latticeInt32,
  latticeFloat64,
  definitionLevels,
  compactInt32,
  compactFloat64,
  compactFixed,
  compactWords,
  shiftOffsets,
  wordLengths,
  crc32: createCrc32(),
})
