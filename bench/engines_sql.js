// Writes the statement of each landed table of a plan to a file, for Spark 3.5: node bench/engines_sql.js PLAN FOLDER
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { landedTables } from '../dist/core/run/landed.js'
import { dialectNamed } from '../dist/core/sql/dialects.js'
import { renderLandedTable } from '../dist/core/sql/landed.js'
import { loadPlan } from '../dist/node/run/load-plan.js'

const [path, folder] = process.argv.slice(2)
/** Spark 3.5 has no operators that shift; inner ones come before those that they are an operand of. */
const withShiftsNamed = (text) => {
  const found = / (>>|<<) (\d+)/.exec(text)
  if (found === null) return text
  const [whole, operator, bits] = found
  const start = operandStart(text, found.index)
  const name = operator === '>>' ? 'shiftright' : 'shiftleft'
  const call = `${name}(${text.slice(start, found.index)}, ${bits})`
  return withShiftsNamed(text.slice(0, start) + call + text.slice(found.index + whole.length))
}

/** Where the name, the call or the parentheses begin that end at a place. */
const operandStart = (text, end) => {
  let at = end
  for (let depth = 0; at > 0 && (depth > 0 || /[\w)]/.test(text[at - 1])); at--) {
    if (text[at - 1] === ')') depth++
    else if (text[at - 1] === '(' && --depth === 0 && !/\w/.test(text[at - 2])) return at - 1
  }
  return at
}

const plan = await loadPlan(JSON.parse(readFileSync(path, 'utf8')))
mkdirSync(folder, { recursive: true })
for (const table of landedTables(plan)) {
  const text = renderLandedTable(plan, table, { dialect: dialectNamed('spark') })
  writeFileSync(join(folder, `${table.landedName}.sql`), withShiftsNamed(text))
}
