import type { Json } from '../../../core/ports.ts'
import { isObject } from '../../http/rest.ts'

/** A JSON object of a service's answer. */
export type Document = Readonly<Record<string, Json | undefined>>

/** The text of a field that is text and not empty. */
export const text = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** The objects of a list, none where there is no list: empty lists are left out of answers. */
export const list = (value: Json | undefined): readonly Document[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : []

/** The fields of an object, none where there is no object. */
export const fields = (value: Json | undefined): Document => (isObject(value) ? value : {})
