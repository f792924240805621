import type { ColumnBlock, Dictionary } from '../columns/block.ts'
import type { Shape } from '../expr/types.ts'
import type { Tally } from '../plan/typed.ts'
import type { InstructionName } from './instructions/names.ts'

/** Rows in a block: the capacity of every register. */
export const BLOCK_ROWS = 16384

/**
 * A place in the kernel's memory that one value of every row of a block goes through. The address, a multiple of 64,
 * is set once, when the whole program is known.
 */
export interface Slot {
  address: number
  readonly bytes: number
  /** What it holds, for people: `n12`. */
  readonly label: string
}

/** An argument of an instruction: an address or an immediate number. */
export type Argument = Slot | number

/** A dictionary with the place of its offsets and bytes in the kernel's memory. */
export interface PlacedDictionary {
  readonly dictionary: Dictionary
  /** Distinct, in byte order. */
  readonly words: readonly string[]
  readonly codes: ReadonlyMap<string, number>
  readonly offsets: Slot
  readonly bytes: Slot
}

/**
 * Where and how a value of every row of a block is held. `nulls` is a mask with 1 for null. `codes` index a dictionary;
 * `fixed` strings have `width` bytes behind a four-byte length each; `bytes` are UTF-8 behind offsets; `views` are the
 * addresses of UTF-8 that lies in `sources` or in dictionaries, and the lengths, of at most `most` bytes together.
 */
export type Register = { readonly at: Slot; readonly nulls: Slot | undefined } & (
  | { readonly form: 'int32' }
  | { readonly form: 'float64' }
  | { readonly form: 'codes'; readonly dictionary: PlacedDictionary }
  | { readonly form: 'fixed'; readonly width: number }
  | { readonly form: 'bytes'; readonly offsets: Slot }
  | {
      readonly form: 'views'
      readonly lengths: Slot
      readonly most: number
      readonly sources: readonly Slot[]
    }
)

/** One step over the rows of a level. */
export type Step =
  /** An instruction over all rows. */
  | {
      readonly kind: 'run'
      readonly instruction: InstructionName
      readonly args: readonly Argument[]
    }
  /** The rows whose choice is `which` are compacted into `index`; the body runs on them alone. */
  | {
      readonly kind: 'branch'
      readonly id: number
      readonly choice: Slot
      readonly which: number
      readonly index: Slot
      readonly body: readonly Step[]
    }
  /** The rows of several branches of one choice, whose bodies follow: result by result what is compacted where. */
  | {
      readonly kind: 'partition'
      readonly choice: Slot
      /** Where the instruction keeps the end of each list: an int32 a result. */
      readonly state: Slot
      readonly lists: readonly { readonly branch: number; readonly index: Slot }[]
    }
  /** More work on the rows of an earlier branch. */
  | { readonly kind: 'within'; readonly branch: number; readonly body: readonly Step[] }
  /** For every row the children, block after block: `body` runs on each block and reduces into the row. */
  | {
      readonly kind: 'fold'
      readonly table: string
      readonly expand: Expand
      readonly body: readonly Step[]
    }
  /** What a tally comes to at the rows of its cross that have these numbers among the present ones. */
  | {
      readonly kind: 'tally'
      readonly tally: Tally
      readonly ordinal: Register
      readonly out: Register
    }

/** How the rows of an inner level come from a block of the outer one. */
export interface Expand {
  /** Children of each outer row, int32. */
  readonly count: Slot
  /** Where the instruction keeps its place between blocks: five int32. */
  readonly state: Slot
  /** For each child its row in the outer block, and its number among its siblings. */
  readonly index: Slot
  readonly ordinal: Slot
  readonly capacity: number
}

/** A set of rows and what is computed of each: straight-line steps, the arguments of a step made by earlier ones. */
export interface Level {
  readonly table: string
  readonly key: Register
  /** The key under which the rows are known below (a union's own, if one shows them) is key · scale + offset. */
  readonly scale: number
  readonly offset: number
  /** How the rows come from the level before; absent at the root. */
  readonly expand: Expand | undefined
  readonly steps: readonly Step[]
}

/** One wanted value of every row. */
export interface ProgramOutput {
  readonly name: string
  readonly register: Exclude<Register, { readonly form: 'views' }>
  readonly shape: Shape
  /** Whether its values never decrease from row to row. */
  readonly increasing: boolean
}

/** Where the outermost rows come from; of a cross, `position` receives the row's number before the key is computed. */
export type Root =
  | { readonly kind: 'range'; readonly count: number }
  | {
      readonly kind: 'cross'
      readonly of: readonly { readonly capacity: number; readonly count: number }[]
      readonly position: Register
    }

/**
 * A table (or one member of a union) as a vector program. `levels` run from the root's rows to the table's own, a block
 * at a time; `constants` run once, after `data` is in place.
 */
export interface VectorProgram {
  readonly table: string
  readonly root: Root
  readonly levels: readonly Level[]
  readonly constants: readonly Step[]
  readonly data: readonly { readonly slot: Slot; readonly bytes: Uint8Array }[]
  readonly outputs: readonly ProgramOutput[]
  /** A union's member shows its rows under key · scale + offset. */
  readonly memoryBytes: number
}

/** Receives the outputs of a block of rows, in the program's order; the views are valid during the call only. */
export type BlockSink = (blocks: readonly ColumnBlock[], rows: number) => void

/** Reads a tally at rows of its cross, by their numbers among the present ones; 0 for the number of no row. */
export type TallyReader = (
  ordinals: Int32Array | Float64Array,
  sums: Int32Array | Float64Array,
  rows: number,
) => void

/** The reader of a tally. */
export type TallyReaders = (tally: Tally) => TallyReader
