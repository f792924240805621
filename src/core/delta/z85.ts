const ALPHABET =
  '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'

/** Decodes Z85 (ZeroMQ RFC 32): five characters for four bytes, most significant first; undefined when it is not Z85. */
export const decodeZ85 = (text: string): Uint8Array | undefined => {
  if (text.length % 5 !== 0) return undefined
  const bytes = new Uint8Array((text.length / 5) * 4)
  const view = new DataView(bytes.buffer)
  for (let group = 0; group * 5 < text.length; group++) {
    let word = 0
    for (const character of text.slice(group * 5, group * 5 + 5)) {
      const digit = ALPHABET.indexOf(character)
      if (digit < 0) return undefined
      word = word * 85 + digit
    }
    if (word > 0xffffffff) return undefined
    view.setUint32(group * 4, word)
  }
  return bytes
}
