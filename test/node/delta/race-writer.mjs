// One of the processes of race.test.ts: appends `commits` empty files to a table as fast as it can and prints its versions.
import { appendDraft } from '../../../dist/core/delta/commit.js'
import { commit } from '../../../dist/node/delta/commit.js'
import { readSnapshot } from '../../../dist/node/delta/read-snapshot.js'
import { localStore } from '../../../dist/node/store/local.js'

const [root, writer, commits] = process.argv.slice(2)
const store = localStore(root)
const first = await readSnapshot(store, 't')
let head = { version: first.version, timestamp: first.timestamp }
const versions = []
for (let index = 0; index < Number(commits); index++) {
  const file = {
    path: `${writer}-${index}`,
    size: 1,
    rows: 1,
    sha256: '',
    stats: '{"numRecords":1}',
  }
  const snapshot = { ...first, ...head }
  const outcome = await commit(
    { store, table: 't', snapshot },
    appendDraft(snapshot, [file], { at: 1 }),
  )
  if (outcome.kind !== 'committed') throw new Error(JSON.stringify(outcome))
  versions.push(outcome.version)
  head = { version: outcome.version, timestamp: undefined }
}
process.stdout.write(JSON.stringify(versions))
