/**
 * What the core needs of the world outside, as small interfaces. An implementation is correct when it passes the
 * contract suite of its port in test/contract/; paths are relative, `/`-separated, without `.` or `..` segments.
 */

/** The present instant in milliseconds since 1970, read once when a run is created. */
export interface Clock {
  readonly now: () => number
}

/** What is known of a stored object: its length in bytes and last change in milliseconds since 1970. */
export interface StoredObject {
  readonly path: string
  readonly size: number
  readonly modifiedAt: number
}

/**
 * A new object being written. Nothing is visible under its path before `commit`; the commit happens only if the path
 * is absent and returns false, leaving the other object as it is, when it is not. After `sync` and then `commit` the
 * object survives a power loss. `abort` removes every trace; one of `commit` and `abort` ends the writer.
 */
export interface ObjectWriter {
  readonly write: (bytes: Uint8Array) => Promise<void>
  readonly sync: () => Promise<void>
  readonly commit: () => Promise<boolean>
  readonly abort: () => Promise<void>
}

/** A folder tree of immutable objects with put-if-absent: a local disk, memory, or an object store. */
export interface Store {
  readonly create: (path: string) => Promise<ObjectWriter>
  /** Bytes of `path` from `start` (inclusive) to `end` (exclusive, default the end); undefined when it is absent. */
  readonly read: (path: string, start?: number, end?: number) => Promise<Uint8Array | undefined>
  /** Every object below the folder `prefix`, in code-unit order of path; none when it is absent. */
  readonly list: (prefix: string) => AsyncIterable<StoredObject>
  readonly stat: (path: string) => Promise<StoredObject | undefined>
  /** Removes an object; absent is fine. */
  readonly remove: (path: string) => Promise<void>
  /**
   * Renames a whole folder in one step to a place that must be absent; false when it is not. Durable on return.
   * A store without atomic renames does not offer it.
   */
  readonly publish?: (from: string, to: string) => Promise<boolean>
}

/** Bytes of a WebAssembly memory and the module's exports; the host instantiates, the core only calls. */
export interface WasmKernel {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly exports: Readonly<Record<string, (...args: number[]) => number | void>>
}

/** A value that survives JSON unchanged. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined }

/** Where a run stands; only an unfinished one can be resumed or cancelled. */
export type RunState = 'unfinished' | 'finished' | 'cancelled'

/** A run as the journal keeps it. Times are ms since 1970; `spec` is all that is needed to do it again. */
export interface RunRecord {
  readonly id: string
  /** What it works on: `catalog/schema`. */
  readonly dataset: string
  /** 1 for the first run on the dataset, then counting. */
  readonly number: number
  readonly state: RunState
  readonly createdAt: number
  readonly endedAt: number | undefined
  readonly spec: Json
}

/** A step of a run that has been done, with what it gave. */
export interface StepRecord {
  readonly name: string
  readonly startedAt: number
  readonly endedAt: number
  readonly result: Json
}

/** The memory of runs and their steps. What a call has written survives a power loss once it resolves. */
export interface Journal {
  /** Adds an unfinished run; false when there is one of that id or of that dataset and number. */
  readonly add: (run: RunRecord) => Promise<boolean>
  readonly run: (id: string) => Promise<RunRecord | undefined>
  /** All runs, oldest first. */
  readonly runs: () => Promise<readonly RunRecord[]>
  /** Ends a run; false when it is absent or has ended already. */
  readonly end: (id: string, state: Exclude<RunState, 'unfinished'>, at: number) => Promise<boolean>
  /** The steps done so far, in the order in which they ended. */
  readonly steps: (run: string) => Promise<readonly StepRecord[]>
  /** Notes that a step is done; a step that was noted before is left as it is. */
  readonly note: (run: string, step: StepRecord) => Promise<void>
  readonly close: () => Promise<void>
}

/** A named piece of work as data; running it twice must give the same as running it once. */
export interface WorkflowStep {
  readonly name: string
  readonly input: Json
}

/** Phases of steps, one after another; the steps of one phase may run side by side. */
export interface WorkflowJob {
  readonly run: string
  readonly phases: readonly (readonly WorkflowStep[])[]
  /** How many steps may run at a time. */
  readonly parallel: number
  /** Does one step; `done` gives the results of all steps of earlier phases. */
  readonly execute: (step: WorkflowStep, done: ReadonlyMap<string, Json>) => Promise<Json>
}

/**
 * Runs jobs to their end: a step that was done before is not done again, its result stands. The first failure stops
 * the job, after the steps under way have ended, and is thrown.
 */
export interface Workflow {
  readonly run: (job: WorkflowJob) => Promise<ReadonlyMap<string, Json>>
}

/**
 * A value of a result. Integers are numbers where they are exact, else decimal text; dates, decimals and lists are the
 * engine's client's text. Cast a timestamp with zone in SQL: its text would be in the zone of this process.
 */
export type Cell = number | string | boolean | null

/** A result as columns of equal length. */
export interface Columns {
  readonly names: readonly string[]
  readonly cells: readonly (readonly Cell[])[]
}

/** What tells work to stop; an AbortSignal is one. */
export interface StopSignal {
  readonly aborted: boolean
  readonly throwIfAborted: () => void
  readonly addEventListener: (kind: 'abort', listener: () => void) => void
  readonly removeEventListener: (kind: 'abort', listener: () => void) => void
}

/** How a statement is watched and stopped. */
export interface StatementOptions {
  /** Stops the statement where it runs, which then fails with run.cancelled. */
  readonly signal?: StopSignal
  /** Called now and then with the pieces of work that are done and those that are known; their unit is the engine's. */
  readonly onProgress?: (done: number, known: number) => void
}

/** Runs SQL of one dialect somewhere. Statements may run side by side where the engine can. */
export interface Engine {
  /** Runs a statement for what it does. Throws engine.failed with the engine's message, error class and SQLSTATE. */
  readonly run: (sql: string, options?: StatementOptions) => Promise<void>
  /** The columns of a query, each with its cells. */
  readonly columns: (sql: string, options?: StatementOptions) => Promise<Columns>
  /** Ends the session and frees what it holds. */
  readonly close: () => Promise<void>
}

/** A request to a web service. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly signal?: StopSignal
}

/** Its answer, whatever the status; names of headers are in lower case. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Sends a request once. Throws when no whole answer arrives. */
export type Http = (request: HttpRequest) => Promise<HttpResponse>
