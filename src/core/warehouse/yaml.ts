import type { Json } from '../ports.ts'

/** A value as a YAML 1.2 document in block style, with a line break at its end; members that are undefined are left out. */
export const yamlText = (value: Json): string => `${block(value, 0).replace(/^\n/, '')}\n`

/** A value behind a colon or a dash: on the same line, or on lines of its own below. */
const block = (value: Json, depth: number): string => {
  const margin = '  '.repeat(depth)
  if (isList(value)) {
    if (value.length === 0) return ' []'
    return value.map((item) => `\n${margin}-${itemText(item, depth)}`).join('')
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
    if (members.length === 0) return ' {}'
    return members
      .map(([name, member]) => `\n${margin}${scalar(name)}:${block(member ?? null, depth + 1)}`)
      .join('')
  }
  return ` ${scalar(value)}`
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/** The first line of a nested item stands behind its dash. */
const itemText = (item: Json, depth: number): string => block(item, depth + 1).replace(/^\n +/, ' ')

const scalar = (value: string | number | boolean | null): string =>
  typeof value === 'string' && PLAIN.test(value) && !MEANING.test(value)
    ? value
    : quoted(JSON.stringify(value))

/** Texts that no YAML reader takes for anything but themselves. */
const PLAIN = /^(?:[A-Za-z_]|\$\{|\.\/)[A-Za-z0-9_./${}-]*$/
const MEANING = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i

/** JSON's text is YAML's, but for characters that YAML does not count as printable or as part of a line. */
const quoted = (text: string): string =>
  text.replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
