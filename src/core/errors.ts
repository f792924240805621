/** What a code means to a caller: HTTP status, whether trying again can help, and one line for the docs. */
export interface ErrorEntry {
  readonly status: number
  readonly retryable: boolean
  readonly summary: string
}

const userMistake = (summary: string): ErrorEntry => ({ status: 400, retryable: false, summary })
const conflict = (summary: string): ErrorEntry => ({ status: 409, retryable: false, summary })
const system = (summary: string): ErrorEntry => ({ status: 500, retryable: false, summary })

/** Every code an error can carry; docs/errors.md lists the same codes and a test holds the two together. */
export const ERROR_CATALOGUE = {
  'usage.option': userMistake(
    'An option or argument of a command is unknown, missing or out of range.',
  ),
  'plan.json': userMistake('The plan is not JSON, or is too large or too deeply nested to read.'),
  'plan.invalid': userMistake('The plan is JSON but breaks the rules of the plan language.'),
  'plan.infeasible': userMistake('The asked rates, means or ranges cannot hold together.'),
  'plan.append': userMistake('An append or rescale would change cells that have already landed.'),
  'plan.merge': userMistake(
    'A merge was asked for onto a dataset of another name, seed, schema or file options.',
  ),
  'vocabulary.invalid': userMistake('A vocabulary is unknown, malformed or of another version.'),
  'dataset.exists': conflict('The target already holds a dataset and no mode was given.'),
  'dataset.foreign': conflict(
    'A table holds files that Lakewright did not write, and nothing says what becomes of them.',
  ),
  'dataset.missing': userMistake('There is no dataset at the given place.'),
  'dataset.invalid': userMistake(
    'The dataset cannot be read: its manifest or log is damaged or newer than this version.',
  ),
  'dataset.columns': userMistake('A table that is there has other columns than the plan gives it.'),
  'dataset.locked': { ...conflict('Another process is working on the dataset.'), retryable: true },
  'run.unfinished': conflict(
    'An unfinished run of the same plan waits to be resumed or cancelled.',
  ),
  'run.missing': userMistake('There is no run of that id.'),
  'run.cancelled': {
    status: 499,
    retryable: true,
    summary: 'The run was stopped before it finished.',
  },
  'run.promise': system('A promise of the plan does not hold for the rows that were made.'),
  'run.tally': system('A tally exceeds the bound that its plan promises.'),
  'run.worker': system('A worker thread failed or ended unexpectedly.'),
  'score.truth': userMistake('The dataset has no truth that predictions could be scored by.'),
  'score.input': userMistake('Predicted pairs or clusters cannot be read or do not fit the truth.'),
  'delta.protocol': userMistake(
    'The Delta table needs a reader or writer feature that is not supported.',
  ),
  'delta.log': userMistake('The Delta log is incomplete, malformed or refers to missing files.'),
  'delta.conflict': {
    ...conflict('A concurrent commit conflicts with this one.'),
    retryable: true,
  },
  'parquet.encode': system('A column block does not fit the Parquet column it is written to.'),
  'store.denied': userMistake('The file system refuses access to a path.'),
  'store.notFolder': userMistake('A path that must be a folder is something else.'),
  'store.full': { ...system('The file system has no room left.'), status: 507, retryable: true },
  'store.crossDevice': userMistake('The parts of one dataset lie on different file systems.'),
  'store.noLinks': userMistake('The file system has no hard links, which atomic commits need.'),
  'store.io': { ...system('The file system failed in another way.'), retryable: true },
  'engine.missing': userMistake('An optional engine or codec is not installed.'),
  'engine.failed': system('An engine failed while it ran a stage.'),
  'service.unreachable': {
    status: 502,
    retryable: true,
    summary: 'A web service cannot be reached, or stays busy.',
  },
  'service.denied': {
    status: 403,
    retryable: false,
    summary: 'A web service refuses who asks: the token has ended, is wrong, or may not do this.',
  },
  'service.failed': {
    status: 502,
    retryable: false,
    summary: 'A web service answered a request with an error.',
  },
  'sql.unsupported': userMistake('The SQL dialect cannot say this construct.'),
  'kernel.unsupported': userMistake('The native kernel cannot run this construct.'),
  internal: system('A defect in Lakewright.'),
} as const satisfies Record<string, ErrorEntry>

/** A code of the catalogue. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE

/** What goes with a message: what to do, machine-readable facts, and the error underneath. */
export interface ErrorExtras {
  readonly hint?: string
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** The one error class. The message names what the user typed and what was expected; `hint` says what to do. */
export class LakewrightError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly retryable: boolean
  readonly details: Readonly<Record<string, unknown>>
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, extras: ErrorExtras = {}) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause })
    this.name = 'LakewrightError'
    this.code = code
    this.status = ERROR_CATALOGUE[code].status
    this.retryable = ERROR_CATALOGUE[code].retryable
    this.details = extras.details ?? {}
    this.hint = extras.hint
  }
}

/** Throws a LakewrightError of the catalogue. */
export const fail = (code: ErrorCode, message: string, extras?: ErrorExtras): never => {
  throw new LakewrightError(code, message, extras)
}

/** True for errors of our own, also across module copies. */
export const isLakewrightError = (error: unknown): error is LakewrightError =>
  error instanceof Error && error.name === 'LakewrightError'

/** Marks a branch that the types say cannot be reached. */
export const unreachable = (value: never): never =>
  fail('internal', `unexpected value ${JSON.stringify(value)}`)
