import { isLakewrightError, type LakewrightError } from '../../src/core/errors.ts'

/** The LakewrightError that a promise is rejected with; throws when it is not, or with something else. */
export const failureOf = async (promise: Promise<unknown>): Promise<LakewrightError> => {
  try {
    await promise
  } catch (error) {
    if (isLakewrightError(error)) return error
    throw error
  }
  throw new Error('nothing failed')
}
