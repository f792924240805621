import { pageTokens } from '../../http/pages.ts'
import { askJson, type RestService } from '../../http/rest.ts'
import { fieldsOf, listOf, textOf } from './protocol.ts'
import { cancelStatement, markOf, TAG_KEY } from './statements.ts'

/**
 * Cancels the statements that carry a tag, in their history or their text, and have not ended, as the query history tells, and waits until they have
 * stopped. A client that was killed has left them running.
 */
export const stopTagged = async (
  { workspace, warehouseId }: { readonly workspace: RestService; readonly warehouseId: string },
  tag: string,
): Promise<void> => {
  const left = new Set<string>()
  // One status at a time, as Databricks recommends, in the order in which statements pass through them.
  for (const status of ACTIVE) {
    const turn = pageTokens(workspace.name)
    for (let page: string | undefined; ;) {
      const answer = await askJson(workspace, {
        method: 'GET',
        path: '/api/2.0/sql/history/queries',
        query: {
          'filter_by.statuses': status,
          'filter_by.warehouse_ids': warehouseId,
          max_results: '100',
          page_token: page,
        },
      })
      for (const each of listOf(answer['res'])) {
        const query = fieldsOf(each)
        if (hasTag(listOf(query['query_tags']), tag) || isMarked(query['query_text'], tag))
          left.add(textOf(query['query_id']))
      }
      page = turn(textOf(answer['next_page_token']))
      if (answer['has_next_page'] !== true || page === undefined) break
    }
  }
  for (const id of left) await cancelStatement({ workspace }, id)
}

/** Statuses of the history that are not final. */
const ACTIVE = ['QUEUED', 'STARTED', 'COMPILING', 'COMPILED', 'RUNNING'] as const

const isMarked = (text: Parameters<typeof textOf>[0], tag: string): boolean =>
  textOf(text).startsWith(markOf(tag))

const hasTag = (tags: ReturnType<typeof listOf>, tag: string): boolean =>
  tags.some((each) => fieldsOf(each)['key'] === TAG_KEY && fieldsOf(each)['value'] === tag)
