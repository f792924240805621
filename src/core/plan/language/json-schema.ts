import { LANGUAGE } from './language.ts'
import type { Fields, Rule } from './rule.ts'

/** A JSON Schema, as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** The JSON Schema (draft 2020-12) of plans: the same rules that the parser reads by. */
export const planJsonSchema = (): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Lakewright plan',
  description: 'A dataset as data; docs/plan.md explains the language.',
  $ref: '#/$defs/plan',
  $defs: Object.fromEntries(Object.entries(LANGUAGE).map(([name, rule]) => [name, schemaOf(rule)])),
})

const schemaOf = (rule: Rule): JsonSchema => {
  switch (rule.rule) {
    case 'text':
      return { type: 'string', pattern: rule.pattern, maxLength: rule.max }
    case 'number':
      return { type: rule.integer ? 'integer' : 'number', ...bounds(rule.min, rule.max) }
    case 'boolean':
      return { type: 'boolean' }
    case 'null':
      return { type: 'null' }
    case 'word':
      return { enum: rule.words }
    case 'list':
      return { type: 'array', items: schemaOf(rule.of), minItems: rule.min, maxItems: rule.max }
    case 'map':
      return {
        type: 'object',
        propertyNames: { pattern: rule.keys },
        additionalProperties: schemaOf(rule.of),
        maxProperties: rule.max,
      }
    case 'object':
      return objectSchema(rule.fields)
    case 'kinds':
      return {
        type: 'object',
        required: ['kind'],
        oneOf: Object.entries(rule.kinds).map(([kind, fields]) => objectSchema(fields, kind)),
      }
    case 'types':
      return { anyOf: Object.values(rule.types).map(schemaOf) }
    case 'named':
      return { $ref: `#/$defs/${rule.name}` }
  }
}

const objectSchema = (fields: Fields, kind?: string): JsonSchema => {
  const properties = Object.entries(fields).map(([name, { of }]) => [name, schemaOf(of)] as const)
  const required = Object.keys(fields).filter((name) => fields[name]?.optional === false)
  return {
    type: 'object',
    properties: {
      ...(kind === undefined ? {} : { kind: { const: kind } }),
      ...Object.fromEntries(properties),
    },
    required: kind === undefined ? required : ['kind', ...required],
    additionalProperties: false,
  }
}

const bounds = (min: number, max: number): JsonSchema => ({
  ...(min > -Number.MAX_VALUE ? { minimum: min } : {}),
  ...(max < Number.MAX_VALUE ? { maximum: max } : {}),
})
