/** Characters that a key or a value of a label may have. */
const LABEL = 63

/**
 * Facts as BigQuery's labels, whose keys and values take small letters, digits, `-` and `_` alone, 63 of them. In keys a
 * dot is `-`, a capital its small letter after `_`; in values any other character is `_` and two hex digits. What is too
 * long goes on in labels with `_2`, `_3` behind the key. `factsOf` reads it back.
 */
export const labelsOf = (
  facts: Readonly<Record<string, string>>,
): readonly (readonly [key: string, value: string])[] =>
  Object.entries(facts).flatMap(([name, value]) => {
    const key = keyOf(name)
    const coded = encoded(value)
    const pieces = Math.max(1, Math.ceil(coded.length / LABEL))
    return Array.from(
      { length: pieces },
      (_, i) =>
        [i === 0 ? key : `${key}_${i + 1}`, coded.slice(i * LABEL, (i + 1) * LABEL)] as const,
    )
  })

/** The facts that labels stand for; labels whose key has no `-` are of others. */
export const factsOf = (
  labels: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const pieces = Object.entries(labels).flatMap(([key, value]) => {
    const [, name = key, number = '1'] = /^(.*)_(\d+)$/.exec(key) ?? []
    return key.includes('-') ? [{ name: nameOf(name), number: Number(number), value }] : []
  })
  const facts = new Map<string, string>()
  for (const { name, value } of pieces.toSorted((a, b) => a.number - b.number))
    facts.set(name, (facts.get(name) ?? '') + value)
  return Object.fromEntries([...facts].map(([name, value]) => [name, decoded(value)]))
}

const keyOf = (name: string): string =>
  name.replaceAll('.', '-').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const nameOf = (key: string): string =>
  key.replaceAll('-', '.').replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

const encoded = (value: string): string =>
  value.replaceAll(/[^a-z0-9-]/g, (each) => `_${each.charCodeAt(0).toString(16).padStart(2, '0')}`)

const decoded = (value: string): string =>
  value.replaceAll(/_([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
