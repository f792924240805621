import { jsonObject } from '../json-object.ts'
import { fail } from '../errors.ts'
import type { Json } from '../ports.ts'
import type { Compression, Format, RunKind } from '../run/spec.ts'
import type { Finding } from './finding.ts'

/** The version of the manifest's form; a newer one is refused. */
export const MANIFEST_VERSION = 1

/** The manifest's place in a dataset's folder. */
export const MANIFEST_FILE = 'manifest.json'

/**
 * A data file; `path` is relative to the table's folder. SHA-256 is lower-case hex or empty without checksums;
 * `rowsSha256` is that of all but a Parquet footer, equal where rows are, whatever plan made them.
 */
export type ManifestFile = {
  readonly path: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
  readonly rowsSha256: string
}

/** A part that landed: who made it, its range of own keys (lo <= key < hi), its rows, files and measures. */
export type ManifestPart = {
  readonly run: number
  readonly number: number
  readonly variant: number
  readonly lo: number
  readonly hi: number
  readonly rows: number
  readonly files: readonly ManifestFile[]
}

/** A landed column as it is declared. */
export type ManifestColumn = {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
}

/** A table of a dataset. */
export type ManifestTable = {
  /** The logical name in the plan, and the folder it landed in. */
  readonly name: string
  readonly path: string
  /** The Delta version that the run made; null for other formats. */
  readonly version: number | null
  readonly rows: number
  readonly bytes: number
  readonly columns: readonly ManifestColumn[]
  readonly key: readonly string[]
  readonly parts: readonly ManifestPart[]
  /** What was measured over all parts, in the form of the measurer. */
  readonly measures: Json
  /** The promises of the plan with what was found. */
  readonly promises: readonly Finding[]
  /** The portable digest, once it has been computed. */
  readonly digest?: string
}

/** What a dataset is: its plan, the runs' files and what was measured. It names no machine and only the run's instant. */
export type Manifest = {
  readonly lakewright: number
  readonly name: string
  readonly generatorVersion: number
  /** ISO 8601 UTC instant of the run. */
  readonly createdAt: string
  readonly run: { readonly id: string; readonly number: number; readonly kind: RunKind }
  readonly fingerprint: string
  readonly format: Format
  readonly compression: Compression
  readonly planHash: string
  readonly plan: Json
  readonly tables: readonly ManifestTable[]
}

/** The manifest as text: indented JSON, a column of the plan on each line, the same for the same manifest. */
export const manifestText = (manifest: Manifest): string => indentedJson(manifest)

/** A document about a dataset as text, indented as its manifest is. */
export const indentedJson = (document: Json): string => `${indented(document, LEVELS)}\n`

/** From the manifest to the items of a table of its plan; indented further, expressions would be mostly blanks. */
const LEVELS = 5

const indented = (value: Json, levels: number, margin = ''): string => {
  if (levels === 0 || typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inside = `${margin}  `
  const items = Array.isArray(value)
    ? value.map((item: Json) => indented(item, levels - 1, inside))
    : Object.entries(value).flatMap(([name, item]: [string, Json | undefined]) =>
        item === undefined
          ? []
          : [`${JSON.stringify(name)}: ${indented(item, levels - 1, inside)}`],
      )
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  if (items.length === 0) return `${open}${close}`
  return `${open}\n${items.map((item) => `${inside}${item}`).join(',\n')}\n${margin}${close}`
}

/** Reads a manifest; fails with dataset.invalid when it is damaged or of a newer version. */
export const parseManifest = (text: string, path: string): Manifest => {
  const manifest = jsonObject(text) as Partial<Manifest> | undefined
  const version = manifest?.lakewright
  if (typeof version === 'number' && version > MANIFEST_VERSION) {
    fail(
      'dataset.invalid',
      `${path}: the manifest is of version ${version}, this knows ${MANIFEST_VERSION}`,
      { hint: 'A newer Lakewright wrote the dataset; use that version.' },
    )
  }
  const whole =
    version === MANIFEST_VERSION &&
    typeof manifest?.planHash === 'string' &&
    typeof manifest.fingerprint === 'string' &&
    typeof manifest.run?.number === 'number' &&
    Array.isArray(manifest.tables)
  if (!whole) {
    fail('dataset.invalid', `${path}: expected a manifest of Lakewright`, {
      hint: 'The file is damaged; restore it, or generate the dataset anew.',
    })
  }
  return manifest as Manifest
}
