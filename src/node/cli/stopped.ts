import { isLakewrightError, LakewrightError } from '../../core/errors.ts'

/** Throws the error again; one of a run that was stopped, or could not write, says how to go on. */
export const throwStopped = (
  error: unknown,
  { lake, run }: { readonly lake: string; readonly run: string | undefined },
): never => {
  if (!isLakewrightError(error) || run === undefined) throw error
  const goOn = `lakewright runs resume ${run} --to ${lake}`
  const { code, message, details } = error
  if (code === 'store.full')
    throw new LakewrightError(code, message, {
      hint: `Free some space, then go on: ${goOn}`,
      details,
      cause: error,
    })
  if (code !== 'run.cancelled') throw error
  throw new LakewrightError('run.cancelled', `run ${run} was stopped; nothing was published`, {
    hint: `Go on with it: ${goOn}`,
    cause: error,
  })
}
