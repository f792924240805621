import type { Json } from '../../../core/ports.ts'
import { isObject, type Problem } from '../../http/rest.ts'
import { fields, list, text } from './document.ts'
import { permissionIn, roleOf } from './roles.ts'

/** An error as Google's services tell it, whichever of its two forms it has. */
export interface GoogleProblem {
  readonly message: string
  /** Such as `accessDenied` or `SERVICE_DISABLED`; of the status where no reason is given. */
  readonly reason: string
  /** The host name of a service that is meant, such as `bigquery.googleapis.com`. */
  readonly service: string | undefined
}

/**
 * Reads `{error: {code, message, status, errors: [{reason}], details: [ErrorInfo]}}`; undefined for anything else.
 * (cloud.google.com/apis/design/errors, bigquery/docs/error-messages)
 */
export const googleProblem = (body: Json | undefined): GoogleProblem | undefined => {
  const error = isObject(body) ? body['error'] : undefined
  if (!isObject(error)) return undefined
  const info = list(error['details']).find((each) =>
    text(each['@type'])?.endsWith('google.rpc.ErrorInfo'),
  )
  const first = list(error['errors'])[0]
  return {
    message: text(error['message']) ?? text(first?.['message']) ?? '',
    reason: text(info?.['reason']) ?? text(first?.['reason']) ?? text(error['status']) ?? 'unknown',
    service: text(fields(info?.['metadata'])['service']),
  }
}

/** What Google says of an error in the words of our errors, with what to do about it. */
export const problemOf =
  (project: string | undefined) =>
  (body: Json | undefined): Problem | undefined => {
    const problem = googleProblem(body)
    if (problem === undefined) return undefined
    const hint = googleHint(problem, project)
    return {
      message: problem.message,
      code: problem.reason,
      ...(hint === undefined ? {} : { hint }),
    }
  }

/** What to do about an error; undefined where there is nothing to say beyond its message. */
export const googleHint = (
  { message, reason, service }: GoogleProblem,
  project: string | undefined,
): string | undefined => {
  switch (kindOf(reason)) {
    case 'api':
      return `Enable it: gcloud services enable ${service ?? apiIn(message) ?? 'NAME.googleapis.com'}${of(project)}`
    case 'billing':
      return `Link a billing account: gcloud billing projects link ${project ?? 'PROJECT'} --billing-account=ACCOUNT`
    case 'quota':
      return 'A quota is used up: wait until it is filled again (short ones in minutes, daily ones at midnight Pacific time), or ask for more under IAM & Admin > Quotas.'
    case 'rate':
      return 'Too many requests at a time: try again in a minute, with less running beside it.'
    case 'denied':
      return deniedHint(message)
    case 'auth':
      return 'Sign in again: gcloud auth application-default login, or make a new key of the service account.'
    case 'passing':
    case 'other':
      return undefined
  }
}

const deniedHint = (message: string): string => {
  const permission = permissionIn(message)
  return permission === undefined
    ? 'Ask for a role that allows this; lakewright dataproc permissions shows those that are needed.'
    : `Ask for ${roleOf(permission)}, which holds ${permission}.`
}

/** Kinds of errors that have one answer each; what is `passing` is gone when it is asked again. */
export type ProblemKind =
  'api' | 'billing' | 'quota' | 'rate' | 'denied' | 'auth' | 'passing' | 'other'

/** The kind of a reason, of BigQuery's and Cloud Storage's own or of google.rpc. */
export const kindOf = (reason: string): ProblemKind => KINDS.get(reason) ?? 'other'

const KINDS: ReadonlyMap<string, ProblemKind> = new Map([
  ['accessNotConfigured', 'api'],
  ['SERVICE_DISABLED', 'api'],
  ['billingNotEnabled', 'billing'],
  ['BILLING_DISABLED', 'billing'],
  ['quotaExceeded', 'quota'],
  ['dailyLimitExceeded', 'quota'],
  ['QUOTA_EXCEEDED', 'quota'],
  ['RESOURCE_EXHAUSTED', 'quota'],
  ['rateLimitExceeded', 'rate'],
  ['jobRateLimitExceeded', 'rate'],
  ['userRateLimitExceeded', 'rate'],
  ['RATE_LIMIT_EXCEEDED', 'rate'],
  ['backendError', 'passing'],
  ['internalError', 'passing'],
  ['jobBackendError', 'passing'],
  ['INTERNAL', 'passing'],
  ['accessDenied', 'denied'],
  ['forbidden', 'denied'],
  ['PERMISSION_DENIED', 'denied'],
  ['IAM_PERMISSION_DENIED', 'denied'],
  ['authError', 'auth'],
  ['UNAUTHENTICATED', 'auth'],
  ['ACCESS_TOKEN_EXPIRED', 'auth'],
  ['ACCESS_TOKEN_TYPE_UNSUPPORTED', 'auth'],
])

const of = (project: string | undefined): string =>
  project === undefined ? '' : ` --project=${project}`

/** The message names the service in the address where it can be enabled. */
const apiIn = (message: string): string | undefined =>
  /\/([a-z][a-z0-9-]*\.googleapis\.com)\//.exec(message)?.[1]
