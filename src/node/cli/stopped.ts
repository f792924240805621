import { isLakewrightError, LakewrightError } from '../../core/errors.ts'

/** Throws the error again; one of a run that was stopped says how to go on. */
export const throwStopped = (
  error: unknown,
  { lake, run }: { readonly lake: string; readonly run: string | undefined },
): never => {
  if (!isLakewrightError(error) || error.code !== 'run.cancelled' || run === undefined) throw error
  throw new LakewrightError('run.cancelled', `run ${run} was stopped; nothing was published`, {
    hint: `Go on with it: lakewright runs resume ${run} --to ${lake}`,
    cause: error,
  })
}
