import { bundleTasks, resourceKey, type BundleInputs } from './bundle.ts'

/** How the bundle's own folder is rendered again: words of a command line behind `lakewright bundle`. */
export type RenderWords = readonly string[]

/** deploy.sh: renders what is asked if it is not there, validates, deploys, finds the job's id and runs it. */
export const deployScript = (inputs: BundleInputs, words: RenderWords): string => {
  const names = inputs.choices.map(({ name }) => name)
  const asked = names.filter((name) => name !== 'seed')
  const seed = inputs.choices.find(({ name }) => name === 'seed')
  const usage = ['<target>', ...asked.map((name) => `<${name}>`), '<overwrite>', '[seed]'].join(' ')
  const positions = ['target', ...asked, 'overwrite']
  const folder = `sql/${names.map((name) => `$${name}`).join('/')}`
  const json = [...names, 'overwrite'].map((name) => `\\"${name}\\": \\"$${name}\\"`).join(', ')
  return `#!/usr/bin/env bash
# Renders what is asked if it is not there yet, validates the bundle, deploys it and runs its job until it ends:
#   ./deploy.sh ${usage}
# Needs the databricks command line, logged in, and Node. LAKEWRIGHT names another lakewright than the one on the PATH.
set -euo pipefail
cd "$(dirname "$0")"
usage='usage: ./deploy.sh ${usage}'
if [ $# -lt ${positions.length} ] || [ $# -gt ${positions.length + 1} ]; then
  echo "$usage" >&2
  exit 2
fi
${positions.map((name, i) => `${name}=$${i + 1}\n`).join('')}seed=\${${positions.length + 1}:-${shellWord(seed?.value ?? '')}}

for word in ${['target', ...names].map((name) => `"$${name}"`).join(' ')}; do
  if ! [[ $word =~ ^-?[A-Za-z0-9_][A-Za-z0-9_-]*$ ]]; then
    echo "expected letters, digits, _ and -, got: $word" >&2
    exit 2
  fi
done
if [ "$overwrite" != true ] && [ "$overwrite" != false ]; then
  echo "overwrite: expected true or false, got: $overwrite" >&2
  exit 2
fi

# The SQL makes the rows of one choice; another is another text.
# shellcheck disable=SC2016
if [ ! -e "${folder}/clean.sql" ]; then
  "\${LAKEWRIGHT:-lakewright}" bundle ${words.map(shellWord).join(' ')} --out . \\
    ${names.map((name) => `"--${name}=$${name}"`).join(' ')}
fi

variables=(${[...names, 'overwrite'].map((name) => `--var "${name}=$${name}"`).join(' ')})
databricks bundle validate --target "$target" "\${variables[@]}"
databricks bundle deploy --target "$target" "\${variables[@]}"
job=$(databricks bundle summary --target "$target" "\${variables[@]}" --output json | node -e '
  const { resources } = JSON.parse(require("node:fs").readFileSync(0, "utf8"))
  const id = resources?.jobs?.[process.argv[1]]?.id
  if (!/^[0-9]+$/.test(id ?? "")) throw new Error("the deployed bundle has no job of that name")
  console.log(id)
' ${shellWord(resourceKey(inputs))})
echo "job $job"
databricks jobs run-now --json "{\\"job_id\\": $job, \\"job_parameters\\": {${json}}}"
`
}

/** A word of a POSIX shell's command line. */
export const shellWord = (text: string): string =>
  /^[A-Za-z0-9_./=:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

/** README.md of a bundle. */
export const bundleReadme = (inputs: BundleInputs): string => {
  const key = resourceKey(inputs)
  const asked = inputs.choices.filter(({ name }) => name !== 'seed')
  const line = ['dev', ...asked.map(({ value }) => value), 'false'].join(' ')
  const names = inputs.choices.map(({ name }) => `\`${name}\``).join(', ')
  return `# ${key}

Makes the dataset ${inputs.dataset} on a Databricks SQL warehouse; nothing has to be installed there.

\`\`\`
./deploy.sh ${line}
\`\`\`

renders the SQL if it is not in \`sql/\` yet, validates, deploys, finds the job's id and runs it until it ends. The last word says whether tables that are there may be replaced.

- **Variables**: \`catalog\`, \`schema\`, \`warehouse_id\` and \`overwrite\` are read when the job is deployed or run. ${names}: the SQL text itself makes the rows of one choice, so each lies in a folder of its own, which the job's tasks name by these variables; the first task refuses to run with other values. Rows are the same to the bit as \`lakewright generate\` makes by the same choice.
- **Targets**: \`dev\` and \`prod\` in databricks.yml; put \`workspace.host\` and variables of your own there. Files that you change are kept when the bundle is written again; \`sql/\`${inputs.derived.length > 0 ? ' and `pipeline/` are' : ' is'} written anew.
- **Tasks**: ${bundleTasks(inputs)
    .map(({ kind }) => kind)
    .filter((kind, i, all) => all.indexOf(kind) === i)
    .join(
      ', ',
    )}. Nothing is published before every table is staged. Publishing replaces one table after another, each in one step, keeping its history and grants; when it is cut off, repair the run, and it goes on forwards.
${pipelineNote(inputs)}- **Privileges**: USE CATALOG; USE SCHEMA and CREATE TABLE on the schema, which has to be there; MODIFY on tables that are replaced; CAN USE on the warehouse; APPLY TAG for the tags that the task describe sets, which fails alone without it.
`
}

const pipelineNote = ({ derived }: BundleInputs): string =>
  derived.length === 0
    ? ''
    : `- **Pipeline**: ${derived.map(({ name }) => `\`${name}\``).join(', ')} derived by a declarative pipeline after publishing. \`pipeline/spark-pipeline.yml\` runs the same source on Spark without Databricks.
`
