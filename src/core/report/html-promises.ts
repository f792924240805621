import { bayesFactor } from './bayes.ts'
import type { Finding, Proof, Verdict } from './finding.ts'
import { html, type Html, NOTHING } from './html.ts'
import { figure, grouped, percent } from './quantities.ts'

/** The promises of a table, a line each: what was asked and found, on how many rows, and how it was proven. */
export const renderPromises = (findings: readonly Finding[]): Html => {
  const withFactors = findings.some((finding) => bayesFactor(finding) !== undefined)
  return html`<div class="scroll">
    <table class="promises">
      <thead>
        <tr>
          <th>Promise</th>
          <th class="number">Asked</th>
          <th class="number">Found</th>
          <th class="number">Tolerance</th>
          <th class="number">n</th>
          ${withFactors ? html`<th class="number">${FACTOR_HEADING}</th>` : NOTHING}
          <th>Unit</th>
          <th>Proof</th>
        </tr>
      </thead>
      <tbody>
        ${findings.toSorted(byVerdict).map((finding) => renderPromise(finding, withFactors))}
      </tbody>
    </table>
  </div>`
}

/** Rates that are too far off have large ones; `bayesFactor` says how large. */
const FACTOR_HEADING = html`<abbr
  title="How much likelier this is at any rate than at the one that was asked: above 100 speaks for a mistake, below 0.1 for the rate"
  >Bayes factor</abbr
>`

/** A check mark, a cross or a circle in the colour of the verdict. */
export const renderMark = (verdict: Verdict): Html =>
  html`<svg class="mark ${verdict}" viewBox="0 0 16 16" role="img" aria-label="${verdict}">
    <path
      d="${MARKS[verdict]}"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>`

/** What was asked or found, in the unit of the promise. */
export const valueText = (finding: Finding, which: 'asked' | 'found'): string => {
  const value = finding[which]
  if (typeof value === 'string') return value === '' ? '–' : spaced(value)
  return finding.kind === 'rate' ? percent(value) : figure(value)
}

/** How a promise was proven, in words. */
export const PROOF_WORDS: Readonly<Record<Proof, string>> = {
  construction: 'by construction',
  measured: 'measured',
  files: 'from files',
  none: 'not yet',
}

const MARKS: Readonly<Record<Verdict, string>> = {
  holds: 'M3 8.5l3.5 3.5L13 4.5',
  broken: 'M4 4l8 8M12 4l-8 8',
  unchecked: 'M8 4.2a3.8 3.8 0 1 0 0.01 0',
}

const ORDER: readonly Verdict[] = ['broken', 'unchecked', 'holds']

/** Broken promises first; the rest in their order. */
const byVerdict = (a: Finding, b: Finding): number => rank(a) - rank(b)

const rank = ({ verdict }: Finding): number => (verdict === 'broken' ? 0 : ORDER.indexOf('holds'))

const renderPromise = (finding: Finding, withFactors: boolean): Html => {
  const { name, n, unit, tolerance, proof, verdict, note } = finding
  const because = note === undefined ? NOTHING : html`<small>${note}</small>`
  return html`<tr>
    <td class="promise">${renderMark(verdict)}${name}${because}</td>
    <td class="number" data-of="asked">${valueText(finding, 'asked')}</td>
    <td class="number ${verdict === 'broken' ? 'broken' : ''}" data-of="found">
      ${valueText(finding, 'found')}
    </td>
    <td class="number">${tolerance === 0 ? 'exact' : toleranceText(finding)}</td>
    <td class="number" data-of="n">${grouped(n)}</td>
    ${withFactors ? html`<td class="number" data-of="Bayes factor">${factorText(finding)}</td>` : NOTHING}
    <td>${unit === finding.table ? 'row' : unit}</td>
    <td class="nowrap">${PROOF_WORDS[proof]}</td>
  </tr>`
}

const factorText = (finding: Finding): string => {
  const factor = bayesFactor(finding)
  if (factor === undefined) return ''
  return factor > 1e6 ? '> 10⁶' : figure(factor, 2)
}

/** Long numbers within words get their thousands apart too. */
const spaced = (text: string): string =>
  text.replaceAll(/\d{5,}/g, (digits) => grouped(Number(digits)))

const toleranceText = ({ kind, tolerance }: Finding): string =>
  kind === 'rate' || kind === 'mean'
    ? `± ${kind === 'rate' ? percent(tolerance) : figure(tolerance, 2)}`
    : `≤ ${figure(tolerance, 2)}`
