import type { Finding } from './finding.ts'
import { isDistance, totalsOf, type Totals } from './finding.ts'
import { html, type Html, NOTHING } from './html.ts'
import { renderMark, renderPromises, valueText } from './html-promises.ts'
import { renderPlot } from './html-plot.ts'
import { REPORT_STYLE } from './html-style.ts'
import type { Manifest, ManifestTable } from './manifest.ts'
import { byteSize, figure, grouped } from './quantities.ts'

/** The first rows of a table as texts, in the order of its columns; null where a cell is null. */
export type Sample = readonly (readonly (string | null)[])[]

/** What a report shows. Times are absent when they were not measured; maps are by the tables' logical names. */
export interface ReportInput {
  readonly manifest: Manifest
  readonly samples: ReadonlyMap<string, Sample>
  /** Processor seconds that making each table took. */
  readonly cpuSeconds: ReadonlyMap<string, number> | undefined
}

/** The report of a dataset: one HTML page that needs no network and no script, for light and dark screens. */
export const renderReport = (input: ReportInput): string => {
  const { manifest } = input
  const findings = manifest.tables.flatMap(({ promises }) => promises)
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <title>${manifest.name} · Lakewright</title>
        <style>
          ${{ html: REPORT_STYLE }}
        </style>
      </head>
      <body>
        <main>
          <h1>${manifest.name}</h1>
          <p class="muted">${descriptionOf(manifest)}</p>
          ${renderVerdict(findings)} ${renderFigures(input)} ${renderOverview(input)}
          ${renderIndependence(findings)}
          ${manifest.tables.map((table) => renderTable(input, table))} ${renderOrigin(manifest)}
        </main>
      </body>
    </html> `
  return page.html
}

type JsonPlan = {
  readonly description?: string
  readonly seed?: number | string
  readonly parameters?: Readonly<Record<string, { readonly value: number }>>
}

const planOf = ({ plan }: Manifest): JsonPlan => (plan ?? {}) as JsonPlan

const descriptionOf = (manifest: Manifest): string =>
  planOf(manifest).description ?? 'A dataset made by Lakewright.'

const renderVerdict = (findings: readonly Finding[]): Html => {
  const totals = totalsOf(findings)
  const broken = findings.filter(({ verdict }) => verdict === 'broken')
  const verdict = totals.broken > 0 ? 'broken' : totals.holds > 0 ? 'holds' : 'unchecked'
  return html`<div class="verdict ${verdict}">
    ${renderMark(verdict)}
    <div>
      <strong>${headline(totals)}</strong>${subline(findings, totals)}
      ${
        broken.length === 0
          ? NOTHING
          : html`<ul>
              ${broken.slice(0, 8).map(renderBroken)}
            </ul>`
      }
    </div>
  </div>`
}

const headline = ({ all, broken, unchecked }: Totals): string => {
  if (broken > 0) return `${count(broken, 'promise is', 'promises are')} broken`
  if (all === 0) return 'The plan makes no promise'
  return unchecked === 0 ? 'Every promise holds' : 'Every promise that was checked holds'
}

const subline = (findings: readonly Finding[], { all, holds, unchecked }: Totals): string => {
  const proofs = (proof: Finding['proof']): number =>
    findings.filter((finding) => finding.proof === proof && finding.verdict === 'holds').length
  const parts = [
    [proofs('construction'), 'by construction'] as const,
    [proofs('measured'), 'measured in the pass that wrote the rows'] as const,
    [proofs('files'), 'measured from the files'] as const,
  ].flatMap(([n, words]) => (n === 0 ? [] : [`${n} ${words}`]))
  const open = unchecked === 0 ? '' : `; ${unchecked} wait for lakewright verify`
  return `${holds} of ${all} proven: ${parts.join(', ')}${open}`
}

const renderBroken = (finding: Finding): Html => {
  const { table, name, tolerance } = finding
  const found = valueText(finding, 'found')
  return isDistance(finding)
    ? html`<li>${table}: ${name}: found ${found}, at most ${figure(tolerance, 2)} is allowed</li>`
    : html`<li>${table}: ${name}: asked ${valueText(finding, 'asked')}, found ${found}</li>`
}

const shown = (value: number | string): string =>
  typeof value === 'number' ? figure(value) : value

const count = (n: number, one: string, many: string): string =>
  `${grouped(n)} ${n === 1 ? one : many}`

const renderFigures = ({ manifest, cpuSeconds }: ReportInput): Html => {
  const rows = sum(manifest.tables, (table) => table.rows)
  const bytes = sum(manifest.tables, (table) => table.bytes)
  const seconds = cpuSeconds && sum([...cpuSeconds.values()], (each) => each)
  const figures: readonly (readonly [string, string])[] = [
    ['Rows', grouped(rows)],
    ['Tables', String(manifest.tables.length)],
    ['Size', byteSize(bytes)],
    ...(seconds === undefined
      ? []
      : ([
          ['CPU time', `${figure(seconds, 3)} s`],
          ['Rows per CPU second', grouped(seconds > 0 ? rows / seconds : 0)],
        ] as const)),
  ]
  return html`<dl class="figures">
    ${figures.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

const renderOverview = ({ manifest, cpuSeconds }: ReportInput): Html =>
  html`<section>
    <header><h2>Tables</h2></header>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Table</th>
            <th class="number">Rows</th>
            <th class="number">Size</th>
            <th class="number">Bytes a row</th>
            ${
              cpuSeconds === undefined
                ? NOTHING
                : html`<th class="number">CPU seconds</th>
                    <th class="number">Rows per CPU second</th>`
            }
            <th class="number">Promises</th>
          </tr>
        </thead>
        <tbody>
          ${manifest.tables.map((table) => {
            const { holds, all, broken } = totalsOf(table.promises)
            const seconds = cpuSeconds?.get(table.name) ?? 0
            return html`<tr>
              <td class="nowrap">${renderMark(broken > 0 ? 'broken' : 'holds')}${table.path}</td>
              <td class="number">${grouped(table.rows)}</td>
              <td class="number">${byteSize(table.bytes)}</td>
              <td class="number">
                ${table.rows === 0 ? '–' : figure(table.bytes / table.rows, 3)}
              </td>
              ${
                cpuSeconds === undefined
                  ? NOTHING
                  : html`<td class="number">${seconds.toFixed(2)}</td>
                      <td class="number">${seconds > 0 ? grouped(table.rows / seconds) : '–'}</td>`
              }
              <td class="number">${holds} of ${all}</td>
            </tr>`
          })}
        </tbody>
      </table>
    </div>
  </section>`

const renderIndependence = (findings: readonly Finding[]): Html => {
  const pairs = findings.filter(({ kind }) => kind === 'independent')
  const body =
    pairs.length === 0
      ? html`<p class="muted">The plan declares no pair of columns that must be independent.</p>`
      : html`<p class="muted">
            Cramér’s V of pairs of columns that must not depend on one another: 0 is independent, 1
            fully dependent.
          </p>
          <div class="scroll">
            <table>
              <thead>
                <tr>
                  <th>Pair</th>
                  <th>Table</th>
                  <th class="number">Cramér’s V</th>
                  <th class="number">Below</th>
                  <th class="number">n</th>
                </tr>
              </thead>
              <tbody>
                ${pairs.map(
                  ({ name, table, found, tolerance, n, verdict }) =>
                    html`<tr>
                      <td class="promise">${renderMark(verdict)}${name}</td>
                      <td>${table}</td>
                      <td class="number">${shown(found)}</td>
                      <td class="number">${figure(tolerance, 2)}</td>
                      <td class="number">${grouped(n)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
  return html`<section>
    <header><h2>Unwanted dependence</h2></header>
    ${body}
  </section>`
}

const renderTable = ({ samples }: ReportInput, table: ManifestTable): Html => {
  const plots = table.promises.filter(({ bins }) => bins !== undefined)
  const files = sum(table.parts, (part) => part.files.length)
  return html`<section>
    <header>
      <h2>${table.path}</h2>
      <small
        >${grouped(table.rows)} rows · ${byteSize(table.bytes)} ·
        ${count(files, 'file', 'files')}</small
      >
    </header>
    <h3>Promises</h3>
    ${renderPromises(table.promises)}
    ${
      plots.length === 0
        ? NOTHING
        : html`<h3>Distributions</h3>
            ${LEGEND}
            <div class="plots">${plots.map(renderPlot)}</div>`
    }
    <h3>First rows</h3>
    ${renderSample(table, samples.get(table.name) ?? [])}
  </section>`
}

const LEGEND = html`<div class="legend muted">
  <span
    ><svg viewBox="0 0 16 12"><rect class="found" width="16" height="12" /></svg>found</span
  >
  <span
    ><svg viewBox="0 0 16 12"><path class="asked" d="M0 6h16" /></svg>asked</span
  >
</div>`

const renderSample = ({ columns }: ManifestTable, rows: Sample): Html =>
  html`<div class="scroll">
    <table class="sample">
      <thead>
        <tr>
          ${columns.map(
            ({ name, type }) =>
              html`<th class="${alignment(type)}">${name}<small>${type}</small></th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, i) =>
                cell === null
                  ? html`<td class="null ${alignment(columns[i]?.type)}">null</td>`
                  : html`<td class="${alignment(columns[i]?.type)}">${short(cell)}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`

const alignment = (type = ''): string => (/^(integer|decimal)/.test(type) ? 'number' : '')

const LONGEST_CELL = 40

const short = (cell: string): string =>
  cell.length <= LONGEST_CELL ? cell : `${cell.slice(0, LONGEST_CELL - 1)}…`

const renderOrigin = (manifest: Manifest): Html => {
  const { seed = '', parameters = {} } = planOf(manifest)
  const settings = Object.entries(parameters).map(([name, { value }]) => `${name} = ${value}`)
  const facts: readonly (readonly [string, string])[] = [
    ['Plan', manifest.planHash],
    ['Seed', String(seed)],
    ...(settings.length === 0 ? [] : [['Parameters', settings.join(', ')] as const]),
    ['Generator', `version ${manifest.generatorVersion}`],
    ['Run', `${manifest.run.id} (${manifest.run.kind}), ${manifest.createdAt}`],
    ['Format', `${manifest.format}, compression ${manifest.compression}`],
  ]
  return html`<section>
    <header><h2>How to make it again</h2></header>
    <p>The plan alone decides every cell. In this folder, any machine makes the same rows with:</p>
    <pre>${reproduction(manifest)}</pre>
    <p>Whether the files still keep every promise:</p>
    <pre>lakewright verify .</pre>
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
  </section>`
}

const reproduction = ({ format, compression }: Manifest): string =>
  [
    `node -p 'JSON.stringify(require("./manifest.json").plan)' > plan.json`,
    `lakewright generate plan.json --to again --format ${format} --compression ${compression}`,
  ].join('\n')

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0)
