import { crashSettings } from '../../run/crash.ts'
import { vacuumDataset } from '../../run/vacuum-dataset.ts'
import type { Command } from '../command.ts'
import { datasetPath, JSON_OPTION } from '../lake-options.ts'
import { flagValue, numberValue } from '../option.ts'
import { byteSize } from '../../../core/report/quantities.ts'
import { grouped } from '../text.ts'

const HOUR = 3_600_000

/** `lakewright vacuum`: removes files that no version of a dataset needs. */
export const vacuumCommand: Command = {
  name: 'vacuum',
  summary: 'remove files that no version of a dataset needs',
  usage: '<lake/catalog/dataset>',
  positionals: [1, 1],
  options: [
    {
      name: 'retention-hours',
      kind: 'integer',
      min: 0,
      max: 1_000_000,
      description:
        'keep what was needed so long ago; without it, what each table asks for (a week)',
    },
    { name: 'force', kind: 'flag', description: 'allow a retention below 168 hours' },
    { name: 'dry-run', kind: 'flag', description: 'only say what would be removed' },
    JSON_OPTION,
  ],
  examples: [
    { line: 'lakewright vacuum lake/lakewright/identity --dry-run', says: 'what could go' },
    {
      line: 'lakewright vacuum lake/lakewright/identity --retention-hours 0 --force',
      says: 'keeps the newest version only',
    },
  ],
  run: async (world, { positionals, values }) => {
    const { lake, place } = datasetPath(world, positionals[0] ?? '')
    const hours = numberValue(values, 'retention-hours')
    const dryRun = flagValue(values, 'dry-run')
    const options = {
      now: world.clock.now(),
      force: flagValue(values, 'force'),
      dryRun,
      ...(hours === undefined ? {} : { retention: hours * HOUR }),
    }
    const files = await vacuumDataset(lake, { place, options }, { crash: crashSettings(world.env) })
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    if (flagValue(values, 'json'))
      world.stdout(`${JSON.stringify({ dataset: place.folder, dryRun, bytes, files }, null, 2)}\n`)
    if (dryRun && !flagValue(values, 'json'))
      world.stdout(files.map(({ path }) => `${path}\n`).join(''))
    const verb = dryRun ? 'could be removed' : 'removed'
    const rest = hours === undefined ? '; younger ones stay, see --retention-hours' : ''
    world.stderr(`${grouped(files.length)} files, ${byteSize(bytes)} ${verb}${rest}\n`)
    return 0
  },
}
