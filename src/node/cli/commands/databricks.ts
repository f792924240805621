import { actionNamed } from '../action.ts'
import type { Command, CommandInput } from '../command.ts'
import { cancelAction, describeAction, privilegesAction } from '../databricks-run.ts'
import { JSON_OPTION } from '../lake-options.ts'
import type { World } from '../world.ts'

/** `lakewright databricks`: follows jobs that `generate --async` has submitted, and shows privileges. */
export const databricksCommand: Command = {
  name: 'databricks',
  summary: 'follow jobs of generate --engine databricks --async, and show privileges',
  usage: '<describe ID | cancel ID | privileges CATALOG.SCHEMA>',
  positionals: [1, 2],
  options: [
    {
      name: 'wait',
      kind: 'flag',
      description: 'describe: wait until the run has ended, fail when it failed',
    },
    {
      name: 'volume',
      kind: 'text',
      placeholder: '/Volumes/…',
      description: 'privileges: a folder of a volume that is to get the manifest too',
    },
    JSON_OPTION,
  ],
  examples: [
    { line: 'lakewright databricks describe 759600604234513', says: 'where the run stands' },
    { line: 'lakewright databricks describe 759600604234513 --wait', says: 'waits for its end' },
    { line: 'lakewright databricks cancel 759600604234513', says: 'stops it' },
    {
      line: 'lakewright databricks privileges main.bronze',
      says: 'what landing tables there takes, what is held, and the GRANTs that mend the rest; also at an open-source Unity Catalog',
    },
  ],
  run: async (world, input) => {
    const [action = ''] = input.positionals
    return actionNamed('databricks', ACTIONS, action)(world, input)
  },
}

const ACTIONS: Readonly<Record<string, (world: World, input: CommandInput) => Promise<number>>> = {
  describe: describeAction,
  cancel: cancelAction,
  privileges: privilegesAction,
}
