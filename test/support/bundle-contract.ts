import type { Json } from '../../src/core/ports.ts'

const object = (
  required: Readonly<Record<string, Json>>,
  optional: Readonly<Record<string, Json>> = {},
): Json => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
})
const list = (items: Json): Json => ({ type: 'array', items })
const byName = (values: Json): Json => ({ type: 'object', additionalProperties: values })

const TEXT: Json = { type: 'string' }
const WHOLE: Json = { type: 'integer' }
const FLAG: Json = { type: 'boolean' }

const TASK = object(
  { task_key: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,100}$' } },
  {
    depends_on: list(object({ task_key: TEXT })),
    sql_task: object(
      { warehouse_id: TEXT, file: object({ path: TEXT }) },
      { parameters: byName(TEXT) },
    ),
    pipeline_task: object({ pipeline_id: TEXT }, { full_refresh: FLAG }),
  },
)

/**
 * The members of databricks.yml that we write, by the names and types that the reference of bundle settings gives them;
 * anything else is refused. `databricks bundle schema` prints the whole one.
 */
export const BUNDLE_CONTRACT: Json = object(
  { bundle: object({ name: TEXT }) },
  {
    variables: byName(
      object({ description: TEXT }, { default: TEXT, lookup: object({ warehouse: TEXT }) }),
    ),
    resources: object(
      {},
      {
        jobs: byName(
          object(
            { name: TEXT, tasks: list(TASK) },
            {
              description: TEXT,
              max_concurrent_runs: WHOLE,
              parameters: list(object({ name: TEXT, default: TEXT })),
            },
          ),
        ),
        pipelines: byName(
          object({
            name: TEXT,
            catalog: TEXT,
            schema: TEXT,
            serverless: FLAG,
            libraries: list(object({ glob: object({ include: TEXT }) })),
          }),
        ),
      },
    ),
    targets: byName(
      object(
        {},
        {
          mode: { enum: ['development', 'production'] },
          default: FLAG,
          workspace: object({}, { host: TEXT, root_path: TEXT }),
          variables: byName(TEXT),
        },
      ),
    ),
  },
)
