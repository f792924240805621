import type { InstructionName } from './names.ts'

/** The one memory of a kernel, seen as numbers of each kind. */
export interface Views {
  readonly u8: Uint8Array
  readonly i32: Int32Array
  readonly u32: Uint32Array
  readonly f64: Float64Array
}

/**
 * What an instruction means, over `n` rows. `at` holds byte addresses and immediates in the order that the parameters
 * name; a definition that counts nothing returns nothing.
 */
export type Definition = (n: number, at: readonly number[]) => number | undefined

/** The definitions of one family by name. */
export type Family = Partial<Readonly<Record<InstructionName, Definition>>>

/** Views of a whole memory. */
export const viewsOf = (buffer: ArrayBuffer): Views => ({
  u8: new Uint8Array(buffer),
  i32: new Int32Array(buffer),
  u32: new Uint32Array(buffer),
  f64: new Float64Array(buffer),
})

/** The index of an address in views of four-byte numbers. */
export const word = (address: number): number => address >>> 2

/** The index of an address in views of eight-byte numbers. */
export const double = (address: number): number => address >>> 3

/** The nearest index of a table of `count` entries, so that a null's unspecified index stays inside. */
export const clamp = (index: number, count: number): number =>
  Math.max(0, Math.min(index, count - 1))
