import { civilFromDays, isoWeekday, MICROS_PER_DAY } from '../civil.ts'
import type { DataType, Shape } from '../types.ts'
import { floorDiv, floorMod } from './arithmetic.ts'
import { type FunctionEntry, numberAt, strict } from './entry.ts'
import { expected, type Interval, kinds, numeric, shapeAt } from './shapes.ts'

interface Conversion {
  readonly from: 'date' | 'timestamp'
  readonly to: DataType
  readonly apply: (value: number) => number
  readonly interval: (argument: Interval) => Interval
}

const conversion = ({ from, to, apply, interval }: Conversion): FunctionEntry =>
  strict({
    infer: (args): Shape | string => {
      if (kinds(args) !== from) return expected(`one ${from}`, args)
      const argument = shapeAt(args, 0)
      return numeric(to, interval(argument), argument.nullable)
    },
    apply: (args) => apply(numberAt(args, 0)),
  })

const INTEGER: DataType = { kind: 'integer' }

const MICROS_PER_HOUR = 3_600_000_000

/** The interval of a function that never falls. */
const rising =
  (f: (value: number) => number) =>
  ({ min, max }: Interval): Interval => ({ min: f(min), max: f(max) })

const dayOf = (micros: number): number => floorDiv(micros, MICROS_PER_DAY)

const midnight = (days: number): number => days * MICROS_PER_DAY

const yearOf = (days: number): number => civilFromDays(days).year

const monthOf = (days: number): number => civilFromDays(days).month

const dayOfMonth = (days: number): number => civilFromDays(days).day

const monthNumber = (days: number): number => 12 * yearOf(days) + monthOf(days)

/** Entries of this family by function name; days are UTC days. */
export const TIME = {
  dateOf: conversion({
    from: 'timestamp',
    to: { kind: 'date' },
    apply: dayOf,
    interval: rising(dayOf),
  }),
  timestampOf: conversion({
    from: 'date',
    to: { kind: 'timestamp' },
    apply: midnight,
    interval: rising(midnight),
  }),
  year: conversion({ from: 'date', to: INTEGER, apply: yearOf, interval: rising(yearOf) }),
  month: conversion({
    from: 'date',
    to: INTEGER,
    apply: monthOf,
    interval: (argument) =>
      yearOf(argument.min) === yearOf(argument.max)
        ? rising(monthOf)(argument)
        : { min: 1, max: 12 },
  }),
  day: conversion({
    from: 'date',
    to: INTEGER,
    apply: dayOfMonth,
    interval: (argument) =>
      monthNumber(argument.min) === monthNumber(argument.max)
        ? rising(dayOfMonth)(argument)
        : { min: 1, max: 31 },
  }),
  weekday: conversion({
    from: 'date',
    to: INTEGER,
    apply: isoWeekday,
    interval: ({ min, max }) =>
      min === max ? { min: isoWeekday(min), max: isoWeekday(min) } : { min: 1, max: 7 },
  }),
  hour: conversion({
    from: 'timestamp',
    to: INTEGER,
    apply: (micros) => floorDiv(floorMod(micros, MICROS_PER_DAY), MICROS_PER_HOUR),
    interval: () => ({ min: 0, max: 23 }),
  }),
} satisfies Record<string, FunctionEntry>
