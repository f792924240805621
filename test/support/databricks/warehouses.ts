import { Refusal, type StubRoute } from './server.ts'

export const WAREHOUSE = 'a1b2c3d4e5f60718'

/** A SQL warehouse: RUNNING, or started by a request; `starts` false keeps it from starting. */
export const stubWarehouses = (state = 'RUNNING', starts = true): StubRoute => {
  const warehouse = { id: WAREHOUSE, name: 'Small', state, cluster_size: 'X-Small' }
  const base = '/api/2.0/sql/warehouses'
  return ({ method, path }) => {
    if (method === 'GET' && path === base) return { json: { warehouses: [warehouse] } }
    if (!path.startsWith(`${base}/`)) return undefined
    const [id, action] = path.slice(base.length + 1).split('/')
    if (id !== WAREHOUSE) {
      throw new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', `No SQL warehouse ${id}`)
    }
    if (method === 'POST' && action === 'start') {
      if (warehouse.state !== 'STOPPED') throw new Refusal(400, 'INVALID_STATE', 'not stopped')
      warehouse.state = 'STARTING'
      return { json: {} }
    }
    if (method !== 'GET' || action !== undefined) return undefined
    const json = { ...warehouse, health: { summary: starts ? '' : 'no quota for instances' } }
    // A look finds it one state further on.
    if (warehouse.state === 'STARTING') warehouse.state = starts ? 'RUNNING' : 'STOPPED'
    return { json }
  }
}
