/** The smallest of Google's own roles that holds a permission. (cloud.google.com/iam/docs/roles-permissions) */
export const roleOf = (permission: string): string =>
  ROLES.find(([start]) => permission.startsWith(start))?.[1] ?? 'roles/editor'

/** The first permission that a text names, such as `bigquery.tables.create`. */
export const permissionIn = (text: string): string | undefined =>
  /\b(?:bigquery|dataproc|iam|logging|serviceusage|storage)\.[a-zA-Z]+\.[a-zA-Z]+\b/.exec(text)?.[0]

const ROLES: readonly (readonly [string, string])[] = [
  ['bigquery.jobs.', 'roles/bigquery.jobUser'],
  ['bigquery.datasets.create', 'roles/bigquery.user'],
  ['bigquery.', 'roles/bigquery.dataEditor'],
  ['dataproc.', 'roles/dataproc.serverlessEditor'],
  ['storage.objects.', 'roles/storage.objectUser'],
  ['storage.buckets.', 'roles/storage.bucketViewer'],
  ['logging.', 'roles/logging.viewer'],
  ['serviceusage.', 'roles/serviceusage.serviceUsageViewer'],
  ['iam.serviceAccounts.actAs', 'roles/iam.serviceAccountUser'],
]
