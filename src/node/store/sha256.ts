import { createHash } from 'node:crypto'

/** The SHA-256 of a text's UTF-8 bytes, lower-case hex: what core can do, in less time. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
