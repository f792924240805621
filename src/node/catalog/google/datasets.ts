import { fail } from '../../../core/errors.ts'
import type { FoundTable } from '../../../core/warehouse/warehouse.ts'
import { factsOf } from '../../../core/warehouse/labels.ts'
import type { Json } from '../../../core/ports.ts'
import { isObject } from '../../http/rest.ts'
import { type Document, fields, list, text } from './document.ts'
import { askGoogle, type GoogleService } from './google.ts'

/** A dataset of a project. */
export interface DatasetName {
  readonly project: string
  readonly dataset: string
}

/** The path of a dataset, as BigQuery's requests have it. */
export const datasetPath = ({ project, dataset }: DatasetName): string =>
  `/bigquery/v2/projects/${encodeURIComponent(project)}/datasets/${encodeURIComponent(dataset)}`

/** Where a dataset is, such as `EU`; undefined when it is not there. */
export const datasetLocation = async (
  service: GoogleService,
  name: DatasetName,
): Promise<string | undefined> => {
  const { status, json } = await askGoogle(service, {
    method: 'GET',
    path: datasetPath(name),
    accept: [404],
  })
  return status === 404 ? undefined : (text(described(json)['location']) ?? 'US')
}

/** Makes a dataset, in the location if one is given; one that is there stays as it is. */
export const makeDataset = async (
  service: GoogleService,
  { project, dataset }: DatasetName,
  location: string | undefined,
): Promise<void> => {
  await askGoogle(service, {
    method: 'POST',
    path: `/bigquery/v2/projects/${encodeURIComponent(project)}/datasets`,
    json: {
      datasetReference: { projectId: project, datasetId: dataset },
      ...(location === undefined ? {} : { location }),
    },
    repeatable: true,
    accept: [409],
  })
}

/** The tables and views of those names that are there, with their facts, asked for side by side. */
export const findTables = async (
  service: GoogleService,
  dataset: DatasetName,
  names: readonly string[],
): Promise<ReadonlyMap<string, FoundTable>> => {
  const found = await Promise.all(
    names.map(async (name) => [name, await findTable(service, dataset, name)] as const),
  )
  return new Map(found.flatMap(([name, table]) => (table === undefined ? [] : [[name, table]])))
}

/** The table or view of a name; undefined when there is none. Its facts are read from its labels. */
const findTable = async (
  service: GoogleService,
  dataset: DatasetName,
  table: string,
): Promise<FoundTable | undefined> => {
  const { status, json } = await askGoogle(service, {
    method: 'GET',
    path: `${datasetPath(dataset)}/tables/${encodeURIComponent(table)}`,
    accept: [404],
  })
  if (status === 404) return undefined
  const document = described(json)
  const labels = Object.entries(fields(document['labels'])).map(
    ([key, value]) => [key, text(value) ?? ''] as const,
  )
  return {
    kind: document['type'] === 'TABLE' ? 'table' : 'view',
    columns: list(fields(document['schema'])['fields']).map((field) => ({
      name: text(field['name']) ?? '',
      type: typeName(field),
    })),
    properties: factsOf(Object.fromEntries(labels)),
  }
}

/** Something else than a description, such as a page to sign in at, says nothing of what is there. */
const described = (json: Json | undefined): Document =>
  isObject(json) ? json : fail('service.failed', 'BigQuery answered a look without JSON')

/** A column's type as standard SQL writes it, whichever of its names the service uses. */
const typeName = (field: Document): string => {
  const type = text(field['type']) ?? fail('service.failed', 'BigQuery: a column without a type')
  const name = STANDARD_NAMES.get(type) ?? type
  const of = sizeOf(field['precision'], field['scale'])
  return `${field['mode'] === 'REPEATED' ? 'ARRAY ' : ''}${name}${of}`
}

const sizeOf = (precision: Json | undefined, scale: Json | undefined): string => {
  const digits = text(precision)
  return digits === undefined ? '' : `(${digits}, ${text(scale) ?? '0'})`
}

const STANDARD_NAMES: ReadonlyMap<string, string> = new Map([
  ['INTEGER', 'INT64'],
  ['FLOAT', 'FLOAT64'],
  ['BOOLEAN', 'BOOL'],
])
