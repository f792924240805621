import { planJson } from '../../run/load-plan.ts'
import type { Command } from '../command.ts'
import { datasetOptions } from '../dataset-options.ts'
import { PLAN_OPTIONS, readPlan } from '../plan-source.ts'

/** `lakewright plan`: prints a plan as JSON, checked and with the hashes of its vocabularies. */
export const planCommand: Command = {
  name: 'plan',
  summary: 'print the plan of a dataset as JSON',
  usage: '<dataset | plan.json>',
  positionals: [1, 1],
  options: PLAN_OPTIONS,
  further: datasetOptions,
  examples: [
    {
      line: 'lakewright plan identity --households 1000 > my-plan.json',
      says: 'a plan to change by hand and to generate',
    },
    { line: 'lakewright plan my-plan.json', says: 'checks a plan and names every mistake' },
  ],
  run: async (world, input) => {
    world.stdout(`${JSON.stringify(planJson(await readPlan(world, input)), null, 2)}\n`)
    return 0
  },
}
