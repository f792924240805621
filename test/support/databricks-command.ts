import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './sources.ts'

/**
 * Puts a `databricks` into a folder that answers like the command line where a bundle's script calls it: it refuses
 * flags, targets and variables that are unknown, paths of SQL files that are not there once variables are put in, and a
 * run of a job that was not deployed. Every call is noted as a line of JSON in `calls`.
 */
export const putDatabricksCommand = (folder: string): void => {
  const path = join(folder, 'databricks')
  writeFileSync(path, SCRIPT)
  chmodSync(path, 0o755)
}

const SCRIPT = `#!/usr/bin/env node
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require('node:fs')
const { dirname, join } = require('node:path')
const { parse } = require(${JSON.stringify(join(ROOT, 'node_modules/yaml'))})
const here = dirname(process.argv[1])
const words = process.argv.slice(2)
appendFileSync(join(here, 'calls'), JSON.stringify(words) + '\\n')
const refuse = (why) => { console.error('Error: ' + why); process.exit(1) }
const command = words.filter((word, i) => !word.startsWith('--') && !(words[i - 1] ?? '').startsWith('--')).join(' ')
const flags = new Map([['--var', []]])
for (let i = command.split(' ').length; i < words.length; i += 2) {
  if (!['--target', '--var', '--output', '--json'].includes(words[i])) refuse('unknown flag: ' + words[i])
  if (words[i] === '--var') flags.get('--var').push(...words[i + 1].split(','))
  else flags.set(words[i], words[i + 1])
}
const bundle = parse(readFileSync('databricks.yml', 'utf8'))
const variables = Object.fromEntries(Object.entries(bundle.variables).map(([name, each]) => [name, each.default ?? 'id of ' + each.lookup.warehouse]))
for (const each of flags.get('--var')) {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(each)
  if (!(name in variables)) refuse('variable ' + name + ' has not been defined')
  variables[name] = value
}
const fill = (text) => text.replace(/\\$\\{var\\.([^}]+)\\}/g, (_, name) => variables[name] ?? refuse('no variable ' + name))
const check = () => {
  if (!(flags.get('--target') in bundle.targets)) refuse(flags.get('--target') + ': no such target')
  for (const job of Object.values(bundle.resources.jobs))
    for (const task of job.tasks) {
      const path = task.sql_task && fill(task.sql_task.file.path)
      if (path && !existsSync(path)) refuse('file ' + path + ' not found')
    }
}
const deployed = join(here, 'deployed.json')
if (command === 'bundle validate') check()
else if (command === 'bundle deploy') {
  check()
  const jobs = Object.fromEntries(Object.keys(bundle.resources.jobs).map((key) => [key, { id: '620', parameters: bundle.resources.jobs[key].parameters }]))
  writeFileSync(deployed, JSON.stringify({ resources: { jobs } }))
} else if (command === 'bundle summary') {
  if (flags.get('--output') !== 'json') refuse('expected --output json')
  console.log(readFileSync(deployed, 'utf8'))
} else if (command === 'jobs run-now') {
  const { job_id, job_parameters } = JSON.parse(flags.get('--json'))
  const [job] = Object.values(JSON.parse(readFileSync(deployed, 'utf8')).resources.jobs)
  if (job_id !== 620) refuse('Job ' + job_id + ' does not exist.')
  for (const [name, value] of Object.entries(job_parameters))
    if (typeof value !== 'string' || !job.parameters.some((each) => each.name === name)) refuse('no job parameter ' + name)
} else refuse('unknown command ' + command)
`
