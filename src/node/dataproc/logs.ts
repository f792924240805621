import type { Json } from '../../core/ports.ts'
import { type Document, fields, list, text } from '../catalog/google/document.ts'
import { askGoogleJson } from '../catalog/google/google.ts'
import { pageTokens } from '../http/pages.ts'
import type { BatchPlace } from './batches.ts'

/** A line that a batch has logged. */
export interface LogLine {
  /** RFC 3339. */
  readonly at: string
  readonly severity: string
  readonly text: string
}

/**
 * The last lines that a batch has logged, at most `limit`, oldest first. They come with a delay of seconds.
 * (logging/docs/reference/v2/rest/v2/entries/list)
 */
export const batchLogs = async (
  { google, region }: BatchPlace,
  id: string,
  limit: number,
): Promise<readonly LogLine[]> => {
  const filter = [
    'resource.type="cloud_dataproc_batch"',
    `resource.labels.batch_id="${id}"`,
    `resource.labels.location="${region}"`,
  ].join(' AND ')
  const lines: LogLine[] = []
  const turn = pageTokens('Cloud Logging')
  let pageToken: string | undefined
  do {
    const page = await askGoogleJson(google.service('logging.googleapis.com'), {
      method: 'POST',
      path: '/v2/entries:list',
      json: {
        resourceNames: [`projects/${google.project}`],
        filter,
        orderBy: 'timestamp desc',
        pageSize: Math.min(limit, PAGE),
        ...(pageToken === undefined ? {} : { pageToken }),
      },
      repeatable: true,
    })
    for (const entry of list(page['entries'])) {
      const line = lineOf(entry)
      lines.push({ ...line, text: google.secrets.clean(line.text) })
    }
    pageToken = turn(text(page['nextPageToken']))
  } while (pageToken !== undefined && lines.length < limit)
  return lines.slice(0, limit).toReversed()
}

const PAGE = 1000

const lineOf = (entry: Document): LogLine => ({
  at: text(entry['timestamp']) ?? '',
  severity: text(entry['severity']) ?? 'DEFAULT',
  text: text(entry['textPayload']) ?? payloadText(entry['jsonPayload']),
})

const payloadText = (payload: Json | undefined): string =>
  text(fields(payload)['message']) ?? JSON.stringify(payload ?? {})
