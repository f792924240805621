/** A metric worked out from its definition, pair by pair and record by record. */

type Labels = readonly number[]

interface Counts {
  readonly right: number
  readonly claimed: number
  readonly actual: number
}

const indices = (labels: Labels): readonly number[] => labels.map((_, i) => i)

/** All pairs of records that pass a test. */
const pairs = (labels: Labels, keep: (a: number, b: number) => boolean): readonly string[] =>
  indices(labels).flatMap((a) =>
    indices(labels)
      .filter((b) => a < b && labels[a] === labels[b] && keep(a, b))
      .map((b) => `${a} ${b}`),
  )

const common = (a: readonly string[], b: readonly string[]): number => {
  const there = new Set(b)
  return a.filter((each) => there.has(each)).length
}

export const naivePairs = (
  entities: Labels,
  clusters: Labels,
  keep: (a: number, b: number) => boolean = () => true,
): Counts => {
  const [actual, claimed] = [pairs(entities, keep), pairs(clusters, keep)]
  return { right: common(actual, claimed), claimed: claimed.length, actual: actual.length }
}

const groups = (labels: Labels): readonly string[] =>
  [...new Set(labels)].map((label) =>
    indices(labels)
      .filter((i) => labels[i] === label)
      .join(' '),
  )

export const naiveClusters = (
  entities: Labels,
  clusters: Labels,
  keep: (group: readonly number[]) => boolean = () => true,
): Counts => {
  const kept = (labels: Labels): readonly string[] =>
    groups(labels).filter((group) => keep(group.split(' ').map(Number)))
  const [actual, claimed] = [kept(entities), kept(clusters)]
  return { right: common(actual, claimed), claimed: claimed.length, actual: actual.length }
}

/** B-cubed precision and recall over the records that pass a test. */
export const naiveBCubed = (
  entities: Labels,
  clusters: Labels,
  keep: (record: number) => boolean = () => true,
): { readonly precision: number; readonly recall: number } => {
  const records = indices(entities).filter(keep)
  const of = (a: Labels, b: Labels): number =>
    records
      .map((i) => {
        const mates = indices(a).filter((j) => a[j] === a[i])
        return mates.filter((j) => b[j] === b[i]).length / mates.length
      })
      .reduce((sum, each) => sum + each, 0) / records.length
  return { precision: of(clusters, entities), recall: of(entities, clusters) }
}
