import { sha256 } from '../../sha256.ts'
import { type Family, type Views, word } from './definition.ts'
import { putHex } from './hex.ts'

/** Digests of strings. */
export const digestInstructions = ({ u8, i32 }: Views) =>
  ({
    /** The SHA-256 of each string in lower-case hex digits; strings of width 64. */
    sha256: (n, [offsets = 0, bytes = 0, out = 0]) => {
      const f = word(offsets)
      for (let r = 0, o = out; r < n; r++, o += 68) {
        const digest = sha256(u8.subarray(bytes + i32[f + r]!, bytes + i32[f + r + 1]!))
        i32[word(o)] = 64
        for (let i = 0; i < 8; i++) putHex(u8, o + 4 + 8 * i, bigEndian(digest, 4 * i))
      }
    },
  }) satisfies Family

const bigEndian = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
