/**
 * How a promise was proven: by the algebra alone, in the pass that wrote the rows, again from the files, or not yet.
 */
export type Proof = 'construction' | 'measured' | 'files' | 'none'

/** Whether a promise holds; `unchecked` when nothing could be said about it, for the reason in the note. */
export type Verdict = 'holds' | 'broken' | 'unchecked'

/** One promise of a table with what was asked and what was found; plain JSON, as the manifest keeps it. */
export type Finding = {
  readonly table: string
  readonly name: string
  readonly kind: FindingKind
  /** What was asked and found, as numbers where it is one, else as words. */
  readonly asked: number | string
  readonly found: number | string
  /** Rows (or rows of `unit`) the finding rests on. */
  readonly n: number
  readonly unit: string
  /** The largest deviation that still holds; 0 for exact promises. */
  readonly tolerance: number
  readonly proof: Proof
  readonly verdict: Verdict
  /** Why it holds by construction, or why nothing could be said. */
  readonly note?: string
  /** Of distributions: the asked and the found share of each bin. */
  readonly bins?: readonly Bin[]
}

/** What kind of promise a finding is about. */
export type FindingKind =
  | 'rows'
  | 'key'
  | 'reference'
  | 'nulls'
  | 'check'
  | 'rate'
  | 'mean'
  | 'distribution'
  | 'unique'
  | 'disjoint'
  | 'replay'
  | 'independent'
  | 'files'

/** A bin of a distribution: its label, how many values it takes in, and its shares. */
export type Bin = {
  readonly label: string
  readonly span: number
  readonly asked: number
  readonly found: number
}

/** A promise of a table of which nothing can be said, for the reason in the note. */
export const uncheckedFinding = (
  table: string,
  { name, kind }: Pick<Finding, 'name' | 'kind'>,
  note: string,
): Finding => ({
  table,
  name,
  kind,
  asked: '',
  found: '',
  n: 0,
  unit: table,
  tolerance: 0,
  proof: 'none',
  verdict: 'unchecked',
  ...(note === '' ? {} : { note }),
})

/** How many promises came out how. */
export interface Totals {
  readonly all: number
  readonly holds: number
  readonly broken: number
  readonly unchecked: number
}

/** Counts findings by verdict. */
export const totalsOf = (findings: readonly Finding[]): Totals => {
  const count = (verdict: Verdict): number =>
    findings.filter((finding) => finding.verdict === verdict).length
  return {
    all: findings.length,
    holds: count('holds'),
    broken: count('broken'),
    unchecked: count('unchecked'),
  }
}

/** A broken promise as one line: what was asked and what was found instead. */
export const brokenLine = (finding: Finding): string => {
  const { table, name, asked, found, tolerance } = finding
  return isDistance(finding)
    ? `${table}: ${name}: found ${found}, at most ${tolerance} is allowed`
    : `${table}: ${name}: asked ${asked}, found ${found}`
}

/** Whether a finding measures a distance, of which 0 is asked. */
export const isDistance = ({ kind }: Finding): boolean =>
  kind === 'distribution' || kind === 'independent'
