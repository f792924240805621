const REPLACEMENT = 0xfffd

/** The UTF-8 bytes of a text; an unpaired surrogate becomes U+FFFD, as in the Encoding Standard. */
export const utf8 = (text: string): Uint8Array => {
  const bytes = new Uint8Array(3 * text.length)
  let end = 0
  for (let i = 0; i < text.length;) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      bytes[end++] = unit
      i += 1
      continue
    }
    const point = text.codePointAt(i) ?? REPLACEMENT
    i += point > 0xffff ? 2 : 1
    end = putCodePoint(bytes, end, isSurrogate(point) ? REPLACEMENT : point)
  }
  return bytes.slice(0, end)
}

/** How many bytes `utf8` makes of a text. */
export const utf8Length = (text: string): number => {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return utf8(text).length
  return text.length
}

const isSurrogate = (point: number): boolean => point >= 0xd800 && point <= 0xdfff

const putCodePoint = (bytes: Uint8Array, at: number, point: number): number => {
  if (point < 0x80) {
    bytes[at] = point
    return at + 1
  }
  const more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3
  bytes[at] = ((0xff00 >> (more + 1)) & 0xff) | (point >> (6 * more))
  for (let k = 1; k <= more; k++) bytes[at + k] = 0x80 | ((point >> (6 * (more - k))) & 0x3f)
  return at + 1 + more
}

/** The text of well-formed UTF-8 bytes of BMP code points, as `utf8` makes them. */
export const textOf = (bytes: Uint8Array): string => {
  let text = ''
  for (let i = 0; i < bytes.length;) {
    const lead = bytes[i]!
    const more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3
    let point = more === 0 ? lead : lead & (0x3f >> more)
    for (let k = 1; k <= more; k++) point = (point << 6) | (bytes[i + k]! & 0x3f)
    text += String.fromCodePoint(point)
    i += more + 1
  }
  return text
}
