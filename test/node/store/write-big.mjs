// Runs in its own mount namespace for disk.test.ts: writes objects of the given sizes to a store and prints what happened.
import { listAll } from '../../../dist/node/store/list-all.js'
import { localStore } from '../../../dist/node/store/local.js'
import { putIfAbsent } from '../../../dist/node/store/put.js'

const [root, ...sizes] = process.argv.slice(2)
const store = localStore(root)
const outcomes = []
for (const [index, size] of sizes.entries()) {
  try {
    outcomes.push(await putIfAbsent(store, `object-${index}`, new Uint8Array(Number(size))))
  } catch (error) {
    outcomes.push({ code: error.code, message: error.message, hint: error.hint })
  }
}
const objects = await listAll(store, '')
process.stdout.write(JSON.stringify({ outcomes, paths: objects.map(({ path }) => path) }))
