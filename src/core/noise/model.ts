import type { Operand } from '../expr/build.ts'
import type { Expr } from '../expr/expr.ts'
import type { Law } from '../expr/law.ts'
import type { Odds } from './odds.ts'

/** The value that a column has before a step. */
export type Before = (column: string) => Expr

/** What an operator may use of a record: values before the step, and draws that the step alone has. */
export interface Scene {
  readonly before: Before
  /** Whether a column still has its true value. */
  readonly isClean: (column: string) => Expr
  /** Uniform bits; another number gives other bits. */
  readonly bits: (index: number) => Expr
  /** A value that several operators use, computed once. */
  readonly named: (name: string, value: Expr) => Expr
  /** An outcome of a law; another name gives another draw. */
  readonly sample: (law: Law, name: string) => Expr
}

/**
 * One way of getting cells wrong. `rate` is its share of the records where it applies; `changes` gives the columns it
 * touches their new values. What it leaves as it was is no change and stands in no ledger.
 */
export interface Operator {
  readonly name: string
  readonly rate: number
  /** Where it can be applied; everywhere, if left out. */
  readonly where?: (scene: Scene) => Expr
  readonly changes: (scene: Scene) => Readonly<Record<string, Operand>>
}

/**
 * One occasion for error: of its operators at most one happens to a record. The name keys its draws. What `odds` say
 * holds for all of its operators.
 */
export interface NoiseStep {
  readonly name: string
  readonly operators: readonly Operator[]
  readonly odds: readonly Odds[]
}

/** Noise over the rows of one table: from which hidden columns it starts, and what happens in which order. */
export interface NoiseModel {
  /** For each column that may get noise the column that has its true value. */
  readonly clean: Readonly<Record<string, string>>
  readonly steps: readonly NoiseStep[]
}
