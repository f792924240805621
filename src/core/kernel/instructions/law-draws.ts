import { clamp, double, type Family, type Views, word } from './definition.ts'
import { LAW, LAW_KIND } from './laws.ts'
import { scaled, scaled48 } from './scaling.ts'

/** Instructions that draw an outcome of a law (`outcome` in random/outcome.ts) from the lanes of a stream. */
export const lawInstructions = (views: Views) =>
  ({ ...aliases(views), ...givens(views) }) satisfies Family

const aliases = (views: Views) => {
  const { i32, f64 } = views
  const outcomeOf = aliasOutcome(views)
  return {
    /** An outcome of an alias table from up to three lanes; 0 for lanes that it does not need. */
    alias_i: (n, [lane1 = 0, lane2 = 0, lane3 = 0, table = 0, out = 0]) => {
      const lanes = [word(lane1), word(lane2), word(lane3)] as const
      const o = word(out)
      for (let r = 0; r < n; r++) i32[o + r] = outcomeOf(table, lanes, r)
    },

    /** An outcome of an alias table from up to three lanes; 0 for lanes that it does not need. */
    alias_d: (n, [lane1 = 0, lane2 = 0, lane3 = 0, table = 0, out = 0]) => {
      const lanes = [word(lane1), word(lane2), word(lane3)] as const
      const o = double(out)
      for (let r = 0; r < n; r++) f64[o + r] = outcomeOf(table, lanes, r)
    },
  } satisfies Family
}

const givens = (views: Views) => {
  const { i32, f64 } = views
  const outcomeOf = anyOutcome(views)
  return {
    /** An outcome of the law directory[given[r]] from three lanes; the index is clamped to the `count` laws. */
    given_i: (
      n,
      [given = 0, lane1 = 0, lane2 = 0, lane3 = 0, directory = 0, count = 0, out = 0],
    ) => {
      const [g, d, o] = [word(given), word(directory), word(out)]
      const lanes = [word(lane1), word(lane2), word(lane3)] as const
      for (let r = 0; r < n; r++)
        i32[o + r] = outcomeOf(i32[d + clamp(i32[g + r]!, count)]!, lanes, r)
    },

    /** An outcome of the law directory[given[r]] from three lanes; the index is clamped to the `count` laws. */
    given_d: (
      n,
      [given = 0, lane1 = 0, lane2 = 0, lane3 = 0, directory = 0, count = 0, out = 0],
    ) => {
      const [g, d, o] = [word(given), word(directory), double(out)]
      const lanes = [word(lane1), word(lane2), word(lane3)] as const
      for (let r = 0; r < n; r++)
        f64[o + r] = outcomeOf(i32[d + clamp(i32[g + r]!, count)]!, lanes, r)
    },
  } satisfies Family
}

/** The outcome of the law at an address, from row r of three lanes that begin at the given indices. */
type Outcome = (law: number, lanes: readonly [number, number, number], r: number) => number

const anyOutcome = (views: Views): Outcome => {
  const { i32 } = views
  const [ofUniform, ofSteps] = [uniformOutcome(views), stepsOutcome(views)]
  const ofAlias = aliasOutcome(views)
  return (law, lanes, r) => {
    const kind = i32[word(law + LAW.kind)]
    if (kind === LAW_KIND.alias) return ofAlias(law, lanes, r)
    return kind === LAW_KIND.steps ? ofSteps(law, lanes, r) : ofUniform(law, lanes, r)
  }
}

const uniformOutcome =
  ({ i32, f64 }: Views): Outcome =>
  (law, [first, second], r) => {
    const low = f64[double(law + LAW.low)]!
    const step = f64[double(law + LAW.step)]!
    const count = f64[double(law + LAW.count)]!
    if (i32[word(law + LAW.lanes)] === 1) return low + step * scaled(i32[first + r]!, count)
    return low + step * scaled48(i32[first + r]!, i32[second + r]!, count)
  }

const stepsOutcome =
  ({ i32, u32, f64 }: Views): Outcome =>
  (law, [first], r) => {
    const thresholds = word(law + LAW.stepThresholds)
    const size = i32[word(law + LAW.size)]!
    let code = 0
    while (code < size && u32[thresholds + code]! <= u32[first + r]!) code += 1
    return f64[double(law + LAW.stepValues) + code]!
  }

const aliasOutcome =
  ({ i32, u32, f64 }: Views): Outcome =>
  (law, [first, second, third], r) => {
    const bits = i32[word(law + LAW.size)]!
    const slot = u32[first + r]! >>> (32 - bits)
    const rest = (i32[first + r]! << bits) >>> bits
    const own = rest < u32[word(i32[word(law + LAW.thresholds)]!) + slot]!
    const bin = own ? slot : u32[word(i32[word(law + LAW.aliases)]!) + slot]!
    const low = f64[double(i32[word(law + LAW.values)]!) + bin]!
    const lanes = i32[word(law + LAW.lanes)]!
    if (lanes === 0) return low
    const width = f64[double(i32[word(law + LAW.widths)]!) + bin]!
    const step = f64[double(law + LAW.step)]!
    if (lanes === 1) return low + step * scaled(i32[second + r]!, width)
    return low + step * scaled48(i32[second + r]!, i32[third + r]!, width)
  }
