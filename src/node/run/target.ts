import { fail } from '../../core/errors.ts'
import type { Journal, Json, RunRecord } from '../../core/ports.ts'
import { MANIFEST_FILE, type Manifest, parseManifest } from '../../core/report/manifest.ts'
import type { Decision, Found } from '../../core/run/decide.ts'
import type { RunSpec } from '../../core/run/spec.ts'
import type { DatasetPlace, Lake } from './lake.ts'
import { isOccupied, readText } from './publish.ts'

/** What was found at a dataset's place: its manifest, and the run that has not ended. */
export interface Target {
  readonly manifest: Manifest | undefined
  /** True for a folder with something in it that has no manifest of ours. */
  readonly foreign: boolean
  readonly unfinished: RunRecord | undefined
  /** The number that the next run on the dataset gets. */
  readonly nextNumber: number
}

/** Looks at a dataset's place; fails with dataset.invalid on a manifest that cannot be read. */
export const readTarget = async (
  { store }: Lake,
  place: DatasetPlace,
  journal: Journal,
): Promise<Target> => {
  const manifest = await readManifest({ store }, place)
  const runs = (await journal.runs()).filter(({ dataset }) => dataset === place.name)
  const numbers = [0, manifest?.run.number ?? 0, ...runs.map(({ number }) => number)]
  return {
    manifest,
    foreign: manifest === undefined && (await isOccupied(store, place.folder, place.state)),
    unfinished: runs.find(({ state }) => state === 'unfinished'),
    nextNumber: Math.max(...numbers) + 1,
  }
}

/** The manifest of a dataset; undefined where there is none. */
export const readManifest = async (
  { store }: Pick<Lake, 'store'>,
  place: DatasetPlace,
): Promise<Manifest | undefined> => {
  const path = `${place.folder}/${MANIFEST_FILE}`
  const text = await readText(store, path)
  return text === undefined ? undefined : parseManifest(text, path)
}

/** The target as the decision about a run sees it. */
export const foundAt = ({ manifest, foreign, unfinished }: Target): Found => ({
  dataset:
    manifest === undefined
      ? { kind: foreign ? 'foreign' : 'none' }
      : { kind: 'ours', fingerprint: manifest.fingerprint, format: manifest.format },
  unfinished: unfinished && { id: unfinished.id, fingerprint: specOf(unfinished).fingerprint },
})

/** What a run was to do; fails with dataset.invalid when a newer version wrote it. */
export const specOf = ({ id, spec }: RunRecord): RunSpec => {
  const found = spec as Partial<RunSpec> | null
  return found?.version === 1
    ? (found as RunSpec)
    : fail('dataset.invalid', `run ${id} was begun by another version of Lakewright`, {
        hint: `Go on with that version, or drop it: lakewright runs cancel ${id}`,
      })
}

/** A run's spec as the journal keeps it: it is plain data. */
export const specJson = (spec: RunSpec): Json => spec as unknown as Json

/** Fails with dataset.exists: the folder holds a dataset of another name. */
export const refuseName = ({ folder }: DatasetPlace, name: string): never =>
  fail('dataset.exists', `${folder} holds the dataset ${name}`, {
    hint: 'Choose another folder with --to.',
  })

/** Throws what a refusal means to the user. */
export const refuse = (
  place: DatasetPlace,
  { reason, id = '' }: Extract<Decision, { readonly kind: 'refuse' }>,
): never => {
  const dataset = place.folder
  switch (reason) {
    case 'exists':
      return fail('dataset.exists', `${dataset} holds a dataset already`, {
        hint: 'Choose --mode append, --mode merge, --mode overwrite or --mode resume, or another --to.',
      })
    case 'foreign':
      return fail('dataset.exists', `${dataset} is not empty and holds no dataset of Lakewright`, {
        hint: 'There is no manifest.json: choose another folder with --to, or move away what is there.',
      })
    case 'differs':
      return fail(
        'dataset.exists',
        `${dataset} is finished, but with another plan or other options`,
        {
          hint: 'There is nothing to resume; choose --mode append, --mode merge or --mode overwrite.',
        },
      )
    case 'format':
      return fail('dataset.exists', `${dataset} has files of another format`, {
        hint: 'Give the same --format, or choose --mode overwrite.',
      })
    case 'unfinished':
    case 'otherUnfinished':
      return refuseUnfinished(dataset, reason, id)
  }
}

/** Throws run.unfinished: a run works on `dataset`, of the same plan and options or of others. */
export const refuseUnfinished = (
  dataset: string,
  reason: 'unfinished' | 'otherUnfinished',
  id: string,
): never =>
  reason === 'unfinished'
    ? fail('run.unfinished', `run ${id} of the same plan is unfinished`, {
        hint: `Go on with --mode resume, or drop it: lakewright runs cancel ${id}`,
        details: { run: id },
      })
    : fail(
        'run.unfinished',
        `run ${id} on ${dataset}, of another plan or with other options, is unfinished`,
        {
          hint: `Finish it: lakewright runs resume ${id}; or drop it: lakewright runs cancel ${id}`,
          details: { run: id },
        },
      )
