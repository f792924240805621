const LEFT = 60
const TOP = 46
const WIDTH = 520
const HEIGHT = 200

/** The lines: how they are called, drawn, and read from a score. */
const LINES = [
  { name: 'pairs', style: 'pairs', of: ({ givenPairs }) => givenPairs.f1 },
  { name: 'B-cubed', style: 'records', of: ({ bCubed }) => bCubed.f1 },
  { name: 'exact clusters', style: 'clusters', of: ({ exactClusters }) => exactClusters.f1 },
]

const across = (difficulty) => LEFT + (WIDTH * difficulty) / 10
const down = (f1) => TOP + HEIGHT * (1 - f1)
const rounded = (value) => String(Math.round(value * 10) / 10)

const gridLine = (f1) =>
  `  <path class="grid" d="M${LEFT} ${down(f1)}h${WIDTH}" /><text class="small" x="${LEFT - 8}" y="${down(f1) + 4}" text-anchor="end">${f1}</text>`

const tick = ({ difficulty }) =>
  `  <text class="small" x="${across(difficulty)}" y="${TOP + HEIGHT + 20}" text-anchor="middle">${difficulty}</text>`

/** Names at the right end, moved apart where lines end close to one another. */
const labelHeights = (scores) => {
  const ends = LINES.map(({ of }, i) => ({ i, y: down(of(scores.at(-1))) })).toSorted(
    (a, b) => a.y - b.y,
  )
  let last = -Infinity
  return ends.reduce(
    (heights, { i, y }) => {
      last = Math.max(y, last + 17)
      return heights.with(i, last)
    },
    [0, 0, 0],
  )
}

const line = ({ name, style, of }, scores, labelY) => {
  const points = scores.map((score) => [across(score.difficulty), down(of(score))].map(rounded))
  const dots = points.map(([x, y]) => `<circle class="${style}" cx="${x}" cy="${y}" r="3.5" />`)
  return [
    `  <polyline class="${style} line" points="${points.map((point) => point.join(' ')).join(', ')}" />${dots.join('')}`,
    `  <text class="${style}" x="${LEFT + WIDTH + 10}" y="${rounded(labelY + 5)}">${name} ${of(scores.at(-1)).toFixed(2)}</text>`,
  ]
}

/** The scores as an SVG: F1 by difficulty, a line for each metric, for light and dark pages. */
export const curve = (scores) => {
  const heights = labelHeights(scores)
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 740 290" role="img" aria-labelledby="title" font-family="system-ui, sans-serif" font-size="14">`,
    `  <title id="title">F1 of Splink by the difficulty of the dataset: ${scores.map((score) => `${score.difficulty}: ${LINES[0].of(score).toFixed(2)}`).join(', ')}</title>`,
    `  <style>
    .grid { stroke: #d0d7de; stroke-width: 1 }
    .line { fill: none; stroke-width: 2 }
    text { fill: #1f2328 } .small { fill: #57606a; font-size: 12px }
    .pairs { fill: #0969da; stroke: #0969da } .records { fill: #1a7f37; stroke: #1a7f37 }
    .clusters { fill: #bc4c00; stroke: #bc4c00 } text { stroke: none !important } .line { fill: none !important }
    @media (prefers-color-scheme: dark) {
      .grid { stroke: #30363d } text { fill: #e6edf3 } .small { fill: #8b949e }
      .pairs { fill: #4493f8; stroke: #4493f8 } .records { fill: #3fb950; stroke: #3fb950 }
      .clusters { fill: #f0883e; stroke: #f0883e }
    }
  </style>`,
    `  <text x="${LEFT}" y="22">F1 of Splink in a stock configuration</text>`,
    ...[0, 0.2, 0.4, 0.6, 0.8, 1].map(gridLine),
    ...scores.map(tick),
    `  <text class="small" x="${LEFT + WIDTH / 2}" y="${TOP + HEIGHT + 38}" text-anchor="middle">--difficulty</text>`,
    ...LINES.flatMap((each, i) => line(each, scores, heights[i])),
    '</svg>',
  ].join('\n')}\n`
}
