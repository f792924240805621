import { describe, expect, it } from 'vitest'
import {
  add,
  cases,
  coalesce,
  col,
  concat,
  draw,
  eq,
  fold,
  key,
  lookup,
  mod,
  nothing,
  ordinal,
  parent,
  sha256,
  STRING,
  text,
  upper,
  when,
} from '../../../src/core/expr/build.ts'
import type { Expr } from '../../../src/core/expr/expr.ts'
import { compileTable } from '../../../src/core/kernel/generator.ts'
import { printProgram } from '../../../src/core/kernel/print.ts'
import type { Step, VectorProgram } from '../../../src/core/kernel/program.ts'
import { children, column, plan, range, table } from '../../../src/core/plan/build.ts'
import { resolvePlan } from '../../../src/core/plan/resolve.ts'
import { RANDOM_VOCABULARIES } from '../../support/random-plans.ts'

const child = table('child', {
  rows: children('t', 4, mod(key(), 4)),
  columns: [column('child_id', key()), column('half', draw())],
})

/** The program of a table of ten rows with an id and one more column; it has children. */
const compiled = (expr: Expr, more: readonly ReturnType<typeof column>[] = []): VectorProgram => {
  const t = table('t', {
    rows: range(10),
    columns: [column('id', key()), ...more, column('x', expr)],
  })
  const typed = resolvePlan(plan({ name: 'p', seed: 1, tables: [t, child] }), RANDOM_VOCABULARIES)
  const wanted = ['id', 'x'].map((name) => {
    const { shape } = typed.tables.get('t')!.columns.find((each) => each.name === name)!
    return { name, expr: { kind: 'column' as const, name, shape } }
  })
  const [program] = compileTable(typed, { table: typed.tables.get('t')!, wanted })
  return program!
}

const all = (steps: readonly Step[]): readonly Step[] =>
  steps.flatMap((step) => ('body' in step ? [step, ...all(step.body)] : [step]))

const instructions = (steps: readonly Step[]): readonly string[] =>
  all(steps).flatMap((step) => (step.kind === 'run' ? [step.instruction] : []))

const rootSteps = (program: VectorProgram): readonly Step[] => program.levels[0]!.steps

/** The key with a text before it; each of `steps` choices gives some rows another one. */
const chainOf = (steps: number, before: string): Expr =>
  Array.from({ length: steps }).reduce<Expr>(
    (text_, _, i) => when(eq(mod(key(), i + 2), 1), concat(text_, `, ${i}`), text_),
    concat(before, text(key())),
  )

describe('compiling a table', () => {
  it('evaluates once what two columns share', () => {
    const shared = column('hash', sha256(text(key())))
    const program = compiled(concat(col('hash'), col('hash')), [shared])
    expect(instructions(rootSteps(program)).filter((name) => name === 'sha256')).toHaveLength(1)
  })

  it('runs a dear branch on the rows that take it alone', () => {
    const program = compiled(when(eq(mod(key(), 2), 0), sha256(text(key())), 'none'))
    const branches = all(rootSteps(program)).filter((step) => step.kind === 'branch')
    const within = branches.filter((step) => instructions(step.body).includes('sha256'))
    expect(within).toHaveLength(1)
    const outside = rootSteps(program).filter((step) => step.kind === 'run')
    expect(outside.map((step) => step.instruction)).not.toContain('sha256')
  })

  it('runs cheap branches on all rows', () => {
    const program = compiled(when(eq(mod(key(), 2), 0), add(key(), 7), add(key(), 9)))
    expect(all(rootSteps(program)).filter((step) => step.kind === 'branch')).toEqual([])
  })

  it('makes functions of one dictionary word a table', () => {
    const program = compiled(upper(lookup('colours', mod(key(), 5), 'name')))
    expect(instructions(rootSteps(program))).not.toContain('ascii_upper')
    expect(program.outputs[1]!.register.form).toBe('codes')
  })

  it('makes text of one vocabulary row a table, however many of its cells it shows', () => {
    const cell = (name: string): Expr => lookup('colours', mod(key(), 5), name)
    const program = compiled(concat(cell('name'), ' weighs ', text(cell('weight'))))
    const { register } = program.outputs[1]!
    expect(instructions(rootSteps(program)).filter((name) => name.startsWith('put_'))).toEqual([])
    expect(register.form === 'codes' && register.dictionary.words).toContain('red weighs 8')
  })

  it('holds a choice among digests as digests, whichever way it is made', () => {
    const digest = when(eq(mod(key(), 2), 0), sha256(text(key())), nothing(STRING))
    for (const expr of [digest, coalesce(digest, sha256('none')), coalesce(digest, digest)]) {
      expect(compiled(expr).outputs[1]!.register.form).toBe('fixed')
    }
  })

  it('copies the strings of a chain of choices once, at its end', () => {
    const program = compiled(chainOf(4, ''))
    const copies = instructions(rootSteps(program)).filter((name) => name === 'gather_bytes')
    expect(copies).toHaveLength(1)
  })

  it('copies strings at once where what they are views of is too large to be kept', () => {
    const program = compiled(chainOf(4, 'x'.repeat(1500)))
    const copies = instructions(rootSteps(program)).filter((name) => name === 'gather_bytes')
    expect(copies.length).toBeGreaterThan(1)
  })

  it('finds the rows of many branches in one pass', () => {
    const number = mod(key(), 7)
    const whens = [0, 1, 2, 3, 4, 5].map(
      (i) => [eq(number, i), sha256(text(add(key(), i)))] as const,
    )
    const steps = all(rootSteps(compiled(cases(whens, 'none'))))
    expect(steps.filter((step) => step.kind === 'partition')).toHaveLength(1)
    expect(steps.filter((step) => step.kind === 'branch')).toEqual([])
  })

  it('makes what only branches need of an outer row in these, not for all rows', () => {
    const t = table('t', { rows: range(10), columns: [column('x', concat('a', text(key())))] })
    const shown = (i: number): Expr => when(eq(ordinal(), i), upper(parent('x')), text(key()))
    const c = table('c', {
      rows: children('t', 4, 4),
      columns: [column('id', key()), column('one', shown(1)), column('two', shown(2))],
    })
    const typed = resolvePlan(plan({ name: 'p', seed: 1, tables: [t, c] }), RANDOM_VOCABULARIES)
    const found = typed.tables.get('c')!
    const [program] = compileTable(typed, { table: found, wanted: found.columns })
    const inner = program!.levels[1]!.steps
    const outside = inner.flatMap((step) => (step.kind === 'run' ? [step.instruction] : []))
    expect(instructions(inner).filter((name) => name === 'ascii_upper')).toHaveLength(2)
    expect(outside).not.toContain('ascii_upper')
  })

  it('walks children once for all folds over them', () => {
    const both = compiled(add(fold.count('child'), fold.sum('child', col('half'))))
    expect(all(rootSteps(both)).filter((step) => step.kind === 'fold')).toHaveLength(1)
  })

  it('knows the keys to increase, and other columns not to', () => {
    const program = compiled(draw())
    expect(program.outputs.map(({ increasing }) => increasing)).toEqual([true, false])
  })

  it('prints as text that names every instruction and output', () => {
    const program = compiled(when(eq(mod(key(), 2), 0), sha256(text(key())), 'none'))
    const lines = printProgram(program)
    for (const name of new Set(instructions(rootSteps(program)))) expect(lines).toContain(name)
    expect(lines).toMatch(/^program t /)
    expect(lines).toMatch(/\n {2}x = \S+ as bytes\n/)
  })

  it('is the same program each time', () => {
    const make = (): string => printProgram(compiled(sha256(text(key()))))
    expect(make()).toBe(make())
  })
})
