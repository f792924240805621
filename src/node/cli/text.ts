/** A whole number with its thousands apart: `1,234,567`. */
export const grouped = (value: number): string =>
  String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ',')

/** A duration: `0.42 s`, `12.3 s`, `3 min 05 s`, `2 h 07 min`. */
export const duration = (seconds: number): string => {
  if (seconds < 10) return `${seconds.toFixed(2)} s`
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${pad(Math.floor(seconds % 60))} s`
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`
}

/** A table for people: columns two blanks apart; those named in `right` are flush right. */
export const textTable = (
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): string => {
  const all = [headings, ...rows]
  const widths = headings.map((_, i) => Math.max(...all.map((row) => width(row[i] ?? ''))))
  return all
    .map((row) =>
      row
        .map((cell, i) => aligned(cell, widths[i] ?? 0, right.has(i)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('')
}

const pad = (value: number): string => String(value).padStart(2, '0')

const width = (text: string): number => [...text].length

const aligned = (text: string, columns: number, right: boolean): string => {
  const blanks = ' '.repeat(Math.max(0, columns - width(text)))
  return right ? blanks + text : text + blanks
}
