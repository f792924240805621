// Rewrites the table of docs/errors.md from the catalogue of the built core: npm run docs:errors.
import { readFileSync, writeFileSync } from 'node:fs'
import { ERROR_CATALOGUE } from '../dist/core/errors.js'

const page = new URL('../docs/errors.md', import.meta.url)
const rows = Object.entries(ERROR_CATALOGUE).map(
  ([code, { status, retryable, summary }]) =>
    `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${summary} |`,
)
const table = ['| Code | Status | Retry | Meaning |', '| --- | --- | --- | --- |', ...rows].join(
  '\n',
)
const text = readFileSync(page, 'utf8')
writeFileSync(
  page,
  text.replace(/^\| Code [\s\S]*?(?=\n\n|\n?$(?![\s\S]))/m, () => table),
)
