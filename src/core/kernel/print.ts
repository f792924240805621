import type { Argument, Expand, ProgramOutput, Step, VectorProgram } from './program.ts'

/** A vector program as text: one instruction a line, bodies indented, the outputs at the end. */
export const printProgram = (program: VectorProgram): string => {
  const levels = program.levels.flatMap((level, depth) => {
    const head =
      level.expand === undefined
        ? `rows of ${level.table}`
        : `rows of ${level.table}: ${expansion(level.expand)}`
    return [...indent(depth, [head]), ...indent(depth + 1, level.steps.flatMap(printStep))]
  })
  const outputs = program.outputs.map((output) => `  ${printOutput(output)}`)
  return [
    `program ${program.table}  (${program.memoryBytes} bytes of memory)`,
    'once',
    ...indent(1, program.constants.flatMap(printStep)),
    ...levels,
    'outputs',
    ...outputs,
    '',
  ].join('\n')
}

const indent = (depth: number, lines: readonly string[]): readonly string[] =>
  lines.map((line) => `${'  '.repeat(depth)}${line}`)

const printStep = (step: Step): readonly string[] => {
  switch (step.kind) {
    case 'run':
      return [`${step.instruction} ${step.args.map(printArgument).join(', ')}`]
    case 'branch':
      return [
        `branch ${step.id}: rows ${step.index.label} where ${step.choice.label} = ${step.which}`,
        ...indent(1, step.body.flatMap(printStep)),
      ]
    case 'partition':
      return step.lists.map(
        ({ branch, index }, which) =>
          `branch ${branch}: rows ${index.label} where ${step.choice.label} = ${which}`,
      )
    case 'within':
      return [`within branch ${step.branch}`, ...indent(1, step.body.flatMap(printStep))]
    case 'tally':
      return [
        `tally ${step.tally.operation} over ${step.tally.table}: at ${step.ordinal.at.label} -> ${step.out.at.label}`,
      ]
    case 'fold':
      return [
        `fold over ${step.table}: ${expansion(step.expand)}`,
        ...indent(1, step.body.flatMap(printStep)),
      ]
  }
}

const expansion = ({ count, index, ordinal, capacity }: Expand): string =>
  `expand ${count.label} -> parent ${index.label}, ordinal ${ordinal.label}, capacity ${capacity}`

const printArgument = (argument: Argument): string =>
  typeof argument === 'number' ? `#${argument}` : argument.label

const printOutput = ({ name, register }: ProgramOutput): string =>
  `${name} = ${register.at.label} as ${register.form}${register.nulls === undefined ? '' : `, nulls ${register.nulls.label}`}`
