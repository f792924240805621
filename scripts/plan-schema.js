// Rewrites src/core/plan/plan.schema.json from the plan language of the built core: npm run docs:schema.
import { writeFileSync } from 'node:fs'
import { format } from 'prettier'
import { planJsonSchema } from '../dist/core/plan/language/json-schema.js'

const file = new URL('../src/core/plan/plan.schema.json', import.meta.url)
const options = { parser: 'json', printWidth: 100 }
writeFileSync(file, await format(JSON.stringify(planJsonSchema()), options))
