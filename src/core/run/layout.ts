import { dataFileName, type DataFilePlace, type RunIdentity } from './names.ts'
import { type Format, isFlat, type RunKind } from './spec.ts'

/** The folder of a table's files; `dataset` is the dataset's folder, `table` what the table lands as. */
export const filesFolder = (dataset: string, format: Format, table: string): string =>
  isFlat(format) ? dataset : `${dataset}/${table}`

/** What the name of a data file is made of; `landed` is what the table lands as. */
export interface FileNaming {
  readonly identity: RunIdentity
  readonly kind: RunKind
  readonly format: Format
  readonly landed: string
}

/**
 * The name of a data file. Flat ones are `<table>.csv`; further parts and files are numbered from 2, as
 * `<table>-2.csv` and `<table>-1.2.csv`, and those of an append bear the number of its run, as `<table>-run2.csv`.
 */
export const fileName = (
  { identity, kind, format, landed }: FileNaming,
  place: DataFilePlace,
): string => {
  if (!isFlat(format)) return dataFileName(identity, place)
  const { part, file, extension } = place
  const run = kind === 'append' ? `-run${identity.number}` : ''
  const number = part === 0 && file === 0 ? '' : `-${part + 1}${file === 0 ? '' : `.${file + 1}`}`
  return `${landed}${run}${number}.${extension}`
}
