import type { Json } from '../../../src/core/ports.ts'

/** A request as a service sees it. */
export interface StubRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** An answer; a body that is text or bytes goes out as it is. */
export interface StubAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Json | Uint8Array
}

/** The shape of a document: required fields end with `!`; a list is one shape for all items. */
export type Shape =
  'string' | 'boolean' | 'integer' | 'map' | readonly [Shape] | { readonly [field: string]: Shape }

/** An error that a service answers with. */
export class Refusal extends Error {
  readonly answer: StubAnswer
  constructor(answer: StubAnswer) {
    super(JSON.stringify(answer.body))
    this.answer = answer
  }
}

/** Ends a request with an error in the form of BigQuery and Cloud Storage. */
export const refuse = (status: number, reason: string, message: string): never => {
  throw new Refusal({
    status,
    body: { error: { code: status, message, errors: [{ domain: 'global', reason, message }] } },
  })
}

/** Ends a request with an error in the form of google.rpc.Status. */
export const refuseRpc = (status: number, code: string, message: string): never => {
  throw new Refusal({ status, body: { error: { code: status, message, status: code } } })
}

/** The body as JSON of a shape; a field that the contract does not know is an error, as Google has it. */
export const jsonBody = (request: StubRequest, shape: Shape): Readonly<Record<string, Json>> => {
  if (request.headers['content-type']?.startsWith('application/json') !== true)
    refuse(400, 'parseError', 'the content type is not JSON')
  let value: Json
  try {
    value = JSON.parse(new TextDecoder().decode(request.body)) as Json
  } catch {
    return refuse(400, 'parseError', 'Parse Error')
  }
  check(value, shape, '$')
  return value as Readonly<Record<string, Json>>
}

/** Refuses query parameters that a method does not have. */
export const knownParameters = ({ query }: StubRequest, names: readonly string[]): void => {
  for (const name of query.keys())
    if (!names.includes(name)) refuse(400, 'badRequest', `Unknown parameter: ${name}`)
}

const check = (value: Json | undefined, shape: Shape, at: string): void => {
  if (shape === 'string' && typeof value !== 'string') invalid(at, 'a string')
  if (shape === 'boolean' && typeof value !== 'boolean') invalid(at, 'a boolean')
  if (shape === 'integer' && !Number.isSafeInteger(value)) invalid(at, 'an integer')
  if (shape === 'map') {
    if (typeof value !== 'object' || value === null) invalid(at, 'an object')
    else for (const each of Object.values(value)) check(each, 'string', at)
  }
  if (typeof shape === 'string') return
  if (isList(shape)) {
    if (!Array.isArray(value)) invalid(at, 'a list')
    else (value as Json[]).forEach((each, i) => check(each, shape[0], `${at}[${i}]`))
    return
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return invalid(at, 'an object')
  const document = value as Readonly<Record<string, Json>>
  for (const field of Object.keys(document))
    if (!(field in shape) && !(`${field}!` in shape))
      refuse(
        400,
        'invalid',
        `Invalid JSON payload received. Unknown name "${field}" at '${at}': Cannot find field.`,
      )
  for (const [field, inner] of Object.entries(shape)) {
    const name = field.replace(/!$/, '')
    if (document[name] !== undefined) check(document[name], inner, `${at}.${name}`)
    else if (name !== field) refuse(400, 'required', `Required parameter is missing: ${name}`)
  }
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape)

const invalid = (at: string, wanted: string): never =>
  refuse(400, 'invalid', `Invalid value at '${at}': expected ${wanted}`)
