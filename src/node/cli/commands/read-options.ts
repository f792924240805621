import type { OptionDefinition } from '../option.ts'

/** How much memory reading back may take. */
export const MEMORY_OPTION: OptionDefinition = {
  name: 'memory',
  kind: 'integer',
  min: 64,
  max: 1_048_576,
  default: 1024,
  description: 'mebibytes that DuckDB may use; what does not fit goes to a temporary folder',
}
