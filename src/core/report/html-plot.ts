import type { Bin, Finding } from './finding.ts'
import { html, type Html, NOTHING } from './html.ts'
import { figure, percent } from './quantities.ts'

/** A distribution as a picture: for each bin the asked share as an outline, the found one as a filled bar. */
export const renderPlot = (finding: Finding): Html => {
  const bins = evened(merged(ascending(finding.bins ?? [])))
  if (bins.length === 0) return NOTHING
  const top = Math.max(
    ...bins.flatMap(({ askedHeight, foundHeight }) => [askedHeight, foundHeight]),
  )
  const step = WIDTH / bins.length
  const found = typeof finding.found === 'number' ? figure(finding.found, 2) : finding.found
  return html`<figure>
    <figcaption>
      ${finding.name}<small>distance ${found}, allowed ${figure(finding.tolerance, 2)}</small>
    </figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT + LABELS}" role="img" aria-label="${finding.name}">
      ${bins.map((bin, i) => renderBar(bin, { left: i * step, step, top }))}
      <line class="axis" x1="0" x2="${WIDTH}" y1="${HEIGHT}" y2="${HEIGHT}" />
      ${renderLabels(bins, step)}
    </svg>
  </figure>`
}

/** At most this many bins are drawn; neighbours are added up beyond. */
const MOST_BARS = 48
const WIDTH = 360
const HEIGHT = 110
const LABELS = 18

/** Words that begin with amounts, such as `<30K` and `30-60K`, by the amounts; all other bins as they are. */
const ascending = (bins: readonly Bin[]): readonly Bin[] => {
  const amounts = bins.map(({ label }) => AMOUNT.exec(label))
  if (!amounts.every((amount) => amount !== null)) return bins
  const order = new Map(
    amounts.map(([, below, digits], i) => [bins[i], Number(digits) - (below === '' ? 0 : 0.5)]),
  )
  return bins.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
}

/** An amount and a word, not a number or a range of numbers. */
const AMOUNT = /^([<≤]?)(\d+)[^\d\s.]\S*$/

const merged = (bins: readonly Bin[]): readonly Bin[] => {
  const size = Math.ceil(bins.length / MOST_BARS)
  if (size <= 1) return bins
  return Array.from({ length: Math.ceil(bins.length / size) }, (_, i) => {
    const group = bins.slice(i * size, (i + 1) * size)
    return {
      label: `${start(group[0])} – ${end(group.at(-1))}`,
      span: group.reduce((sum, bin) => sum + bin.span, 0),
      asked: group.reduce((sum, bin) => sum + bin.asked, 0),
      found: group.reduce((sum, bin) => sum + bin.found, 0),
    }
  })
}

/** A bin as a bar: the heights stand for the shares, or for shares of equal widths. */
interface Bar extends Bin {
  readonly askedHeight: number
  readonly foundHeight: number
}

/** Bins of nearly one width are drawn as if they had one; of very different ones each shows its own share. */
const evened = (bins: readonly Bin[]): readonly Bar[] => {
  const spans = bins.map(({ span }) => span)
  const isNear = Math.max(...spans) <= MOST_UNEVEN * Math.min(...spans)
  return bins.map((bin) => {
    const width = isNear ? bin.span : 1
    return { ...bin, askedHeight: bin.asked / width, foundHeight: bin.found / width }
  })
}

const MOST_UNEVEN = 8

const RANGE = ' – '

const start = (bin: Bin | undefined): string => bin?.label.split(RANGE)[0] ?? ''

const end = (bin: Bin | undefined): string => bin?.label.split(RANGE).at(-1) ?? ''

interface Slot {
  readonly left: number
  readonly step: number
  readonly top: number
}

const renderBar = (
  { label, asked, found, askedHeight, foundHeight }: Bar,
  { left, step, top }: Slot,
): Html => {
  const width = step * 0.78
  const x = px(left + (step - width) / 2)
  const high = (share: number): number => (top === 0 ? 0 : (share / top) * (HEIGHT - 6))
  return html`<g>
    <title>${label}: asked ${percent(asked)}, found ${percent(found)}</title>
    <rect
      class="found"
      x="${x}"
      y="${px(HEIGHT - high(foundHeight))}"
      width="${px(width)}"
      height="${px(high(foundHeight))}"
    />
    <path class="asked" d="M${x} ${px(HEIGHT - high(askedHeight))}h${px(width)}" />
  </g>`
}

const renderLabels = (bins: readonly Bin[], step: number): readonly Html[] => {
  const room = Math.floor(step / CHARACTER)
  const longest = Math.max(...bins.map(({ label }) => label.length))
  if (longest <= room) {
    return bins.map(({ label }, i) => renderLabel(label, (i + 0.5) * step, 'middle'))
  }
  if (bins.length <= 12 && room >= 4) {
    return bins.map(({ label }, i) => renderLabel(cut(label, room), (i + 0.5) * step, 'middle'))
  }
  return [renderLabel(start(bins[0]), 0, 'start'), renderLabel(end(bins.at(-1)), WIDTH, 'end')]
}

/** The width of a character of a label, in units of the picture. */
const CHARACTER = 6.2

const cut = (label: string, room: number): string =>
  label.length <= room ? label : `${label.slice(0, Math.max(1, room - 1))}…`

const renderLabel = (label: string, x: number, anchor: string): Html =>
  html`<text x="${px(x)}" y="${HEIGHT + 14}" text-anchor="${anchor}">${label}</text>`

const px = (value: number): string => String(Math.round(value * 100) / 100)
