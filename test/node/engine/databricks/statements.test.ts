import { describe, expect, test } from 'vitest'
import { isLakewrightError } from '../../../../src/core/errors.ts'
import type { Engine } from '../../../../src/core/ports.ts'
import { databricksSettings } from '../../../../src/node/catalog/databricks/settings.ts'
import { openWorkspace } from '../../../../src/node/catalog/databricks/workspace.ts'
import { databricksEngine } from '../../../../src/node/engine/databricks/statements.ts'
import { fetchHttp, type Pause } from '../../../../src/node/http/fetch.ts'
import { startStub, type StubServer } from '../../../support/databricks/server.ts'
import {
  CANARY,
  CLIENT,
  PERSONAL_TOKEN,
  signIn,
  type SignIn,
} from '../../../support/databricks/sign-in.ts'
import {
  type Outcome,
  type StatementWorld,
  stubStatements,
  type StubStatements,
} from '../../../support/databricks/statements.ts'
import { stubWarehouses, WAREHOUSE } from '../../../support/databricks/warehouses.ts'
import { failureOf } from '../../../support/failure.ts'

interface Scene {
  readonly engine: Engine
  readonly stub: StubServer
  readonly statements: StubStatements
  readonly access: SignIn
  readonly waits: readonly number[]
}

interface SceneParts extends Partial<StatementWorld> {
  readonly env?: Readonly<Record<string, string>>
  readonly warehouse?: { readonly state: string; readonly starts?: boolean }
  readonly warehouseId?: string
  readonly onWait?: (count: number) => void
}

const NUMBERS: Outcome = {
  columns: [
    { name: 'n', type: 'LONG' },
    { name: 's', type: 'STRING' },
    { name: 'b', type: 'BOOLEAN' },
    { name: 'd', type: 'DECIMAL' },
    { name: 'f', type: 'DOUBLE' },
  ],
  rows: [
    ['1', 'ä', 'true', '1.50', '0.5'],
    ['9007199254740993', '', 'false', '2.00', '1e300'],
    [null, null, null, null, null],
  ],
}

const scene = async (parts: SceneParts = {}): Promise<Scene> => {
  const access = signIn()
  let origin = ''
  const world = { execute: () => NUMBERS, origin: () => origin, ...parts }
  const statements = stubStatements(world, (id) => id === WAREHOUSE)
  const [issue, gate] = access.routes
  const { state = 'RUNNING', starts } = parts.warehouse ?? {}
  const warehouses = stubWarehouses(state, starts)
  const isLink = /\/links\//
  const stub = await startStub([
    issue!,
    (request) => (isLink.test(request.path) ? statements.route(request) : gate!(request)),
    warehouses,
    statements.route,
  ])
  origin = stub.origin
  const env = {
    DATABRICKS_HOST: stub.origin,
    LAKEWRIGHT_ALLOW_HOSTS: stub.host,
    ...(parts.env ?? { DATABRICKS_TOKEN: PERSONAL_TOKEN }),
  }
  const waits: number[] = []
  const pause: Pause = {
    now: () => 1_700_000_000_000 + waits.reduce((sum, each) => sum + each, 0),
    random: () => 0,
    sleep: async (milliseconds, signal) => {
      waits.push(milliseconds)
      parts.onWait?.(waits.length)
      if (signal?.aborted === true) signal.throwIfAborted()
    },
  }
  const settings = databricksSettings(env, () => undefined)
  const workspace = openWorkspace(settings, { http: fetchHttp(20_000), pause })
  const warehouseId = parts.warehouseId ?? WAREHOUSE
  const engine = databricksEngine({ workspace, warehouseId, tag: 'session-1' })
  return { engine, stub, statements, access, waits }
}

const POST = /^POST \/api\/2\.0\/sql\/statements$/

describe('a query', () => {
  test('gives typed cells, wide integers and decimals as text', async () => {
    const { engine } = await scene()
    expect(await engine.columns('SELECT 1')).toEqual({
      names: ['n', 's', 'b', 'd', 'f'],
      cells: [
        [1, '9007199254740993', null],
        ['ä', '', null],
        [true, false, null],
        ['1.50', '2.00', null],
        [0.5, 1e300, null],
      ],
    })
  })

  test('is looked at until it has ended, ever less often', async () => {
    const { engine, waits, stub } = await scene({ looks: 12 })
    await engine.run('SELECT 1')
    expect(waits.slice(0, 3)).toEqual([500, 750, 1125])
    expect(Math.max(...waits)).toBe(10_000)
    expect(
      stub.asked.filter((each) => each.startsWith('GET /api/2.0/sql/statements/')),
    ).toHaveLength(12)
  })

  test('is read chunk by chunk', async () => {
    const rows = Array.from({ length: 25 }, (_, i) => [String(i)])
    const execute = () => ({ columns: [{ name: 'i', type: 'INT' }], rows })
    const { engine, stub } = await scene({ execute, chunkRows: 10 })
    const { cells } = await engine.columns('SELECT i')
    expect(cells).toEqual([rows.map((_, i) => i)])
    expect(stub.asked.at(-1)).toMatch(/result\/chunks\/2$/)
  })

  test('too large for an answer is read from where it was put, without the token', async () => {
    const rows = Array.from({ length: 25 }, (_, i) => [String(i)])
    const message = 'Inline byte limit exceeded. Statements executed with disposition=INLINE …'
    let runs = 0
    const execute = (): Outcome =>
      runs++ === 0
        ? { code: 'BAD_REQUEST', message }
        : { columns: [{ name: 'i', type: 'INT' }], rows }
    const { engine, statements } = await scene({ execute, chunkRows: 10 })
    expect((await engine.columns('SELECT i')).cells).toEqual([rows.map((_, i) => i)])
    expect(statements.all.map(({ disposition }) => disposition)).toEqual([
      'INLINE',
      'EXTERNAL_LINKS',
    ])
  })

  test.each([
    [{ total_row_count: 4 }, 'Databricks gave 3 rows of a result that has more'],
    [{ truncated: true }, 'Databricks gave 3 rows of a result that has more'],
    [{ total_chunk_count: 'many' }, 'Databricks answered a statement with a number that is none'],
    [{ total_chunk_count: -1 }, 'Databricks answered a statement with a number that is none'],
  ])('of which the service says %j is not taken for the whole', async (manifest, message) => {
    const { engine, stub } = await scene()
    const schema = { columns: [{ name: 'n', type_name: 'LONG' }] }
    const json = {
      statement_id: '1',
      status: { state: 'SUCCEEDED' },
      manifest: { schema, total_chunk_count: 1, ...manifest },
      result: { data_array: [['1'], ['2'], ['x']] },
    }
    stub.break({ at: POST, kind: 'answer', reply: { json } })
    expect(await failureOf(engine.columns('SELECT n'))).toMatchObject({
      code: 'service.failed',
      message,
    })
  })

  test.each([
    [['1'], 'Databricks gave a row that has not 2 cells'],
    [['1', 'a', 'b'], 'Databricks gave a row that has not 2 cells'],
  ])('with a row %j of two columns is refused', async (row, message) => {
    const columns = ['n', 's'].map((name) => ({ name, type: 'STRING' }))
    const { engine } = await scene({ execute: () => ({ columns, rows: [row] }) })
    expect(await failureOf(engine.columns('SELECT n, s'))).toMatchObject({ message })
  })

  test('gives an integer that is none as it stands', async () => {
    const outcome = { columns: [{ name: 'n', type: 'LONG' }], rows: [['1'], ['1e3']] }
    const { engine } = await scene({ execute: () => outcome })
    expect((await engine.columns('SELECT n')).cells).toEqual([[1, '1e3']])
  })

  test('carries the tag of its session', async () => {
    const { engine, statements } = await scene()
    await engine.run('SELECT 1')
    expect(statements.all[0]?.tags).toEqual([{ key: 'lakewright', value: 'session-1' }])
  })
})

describe('a failed statement', () => {
  test('tells its class, SQLSTATE and first line', async () => {
    const message =
      "[TABLE_OR_VIEW_NOT_FOUND] The table or view `a`.`b` cannot be found. SQLSTATE: 42P01; line 1 pos 14;\n'Project [*]\n+- 'UnresolvedRelation"
    const { engine } = await scene({ execute: () => ({ code: 'BAD_REQUEST', message }) })
    const error = await failureOf(engine.run('SELECT * FROM a.b'))
    expect(error).toMatchObject({
      code: 'engine.failed',
      details: {
        errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
        sqlState: '42P01',
        errorCode: 'BAD_REQUEST',
        statementId: '01f0-1',
      },
    })
    expect(error.message).toBe(
      'Databricks: [TABLE_OR_VIEW_NOT_FOUND] The table or view `a`.`b` cannot be found. SQLSTATE: 42P01; line 1 pos 14;',
    )
  })

  test('that is too deep for a warehouse says what is not', async () => {
    const message = "Max iterations (100) reached for batch Resolution, please set 'x'"
    const { engine } = await scene({ execute: () => ({ code: 'BAD_REQUEST', message }) })
    expect((await failureOf(engine.run('x'))).hint).toContain('--async --cluster')
  })

  test('for want of a privilege is service.denied', async () => {
    const message = "[INSUFFICIENT_PERMISSIONS] User does not have CREATE TABLE on Schema 'main.x'."
    const execute = () => ({ code: 'BAD_REQUEST', message, sqlState: '42501' })
    const { engine } = await scene({ execute })
    expect(await failureOf(engine.run('x'))).toMatchObject({ code: 'service.denied' })
  })

  test('that may work later is retryable', async () => {
    const execute = () => ({ code: 'TEMPORARILY_UNAVAILABLE', message: 'try again' })
    const { engine } = await scene({ execute })
    expect(await failureOf(engine.run('x'))).toMatchObject({
      code: 'service.unreachable',
      retryable: true,
    })
  })
})

describe('a signal', () => {
  test('cancels the statement where it runs', async () => {
    const stop = new AbortController()
    const { engine, statements } = await scene({
      looks: 1000,
      onWait: (count) => {
        if (count === 3) stop.abort(new Error('stopped'))
      },
    })
    await expect(engine.run('SELECT 1', { signal: stop.signal })).rejects.toThrow('stopped')
    expect(statements.all[0]?.state).toBe('CANCELED')
  })

  test('given before sends nothing', async () => {
    const stop = new AbortController()
    stop.abort(new Error('stopped'))
    const { engine, statements } = await scene()
    await expect(engine.run('SELECT 1', { signal: stop.signal })).rejects.toThrow('stopped')
    expect(statements.all).toEqual([])
  })
})

describe('a warehouse', () => {
  test('that stands still is started and waited for, once', async () => {
    const { engine, stub } = await scene({ warehouse: { state: 'STOPPED' } })
    await engine.run('SELECT 1')
    await engine.run('SELECT 2')
    expect(stub.asked.filter((each) => each.endsWith('/start'))).toHaveLength(1)
    expect(stub.asked.filter((each) => POST.test(each))).toHaveLength(2)
  })

  test('that does not start is one clear line', async () => {
    const { engine } = await scene({ warehouse: { state: 'STOPPED', starts: false } })
    const error = await failureOf(engine.run('SELECT 1'))
    expect(error).toMatchObject({ code: 'service.unreachable', retryable: true })
    expect(error.message).toBe(
      `the SQL warehouse ${WAREHOUSE} does not start: no quota for instances`,
    )
  })

  test('that is unknown is answered with those there are', async () => {
    const { engine } = await scene({ warehouseId: 'feed' })
    const error = await failureOf(engine.run('SELECT 1'))
    expect(error).toMatchObject({ code: 'usage.option', message: 'there is no SQL warehouse feed' })
    expect(error.hint).toContain(`${WAREHOUSE} (Small)`)
  })
})

describe('a service principal', () => {
  const env = { DATABRICKS_CLIENT_ID: CLIENT.id, DATABRICKS_CLIENT_SECRET: CLIENT.secret }

  test('asks for one token and a new one when it has ended', async () => {
    const { engine, access } = await scene({ env })
    await engine.run('SELECT 1')
    expect(access.given()).toBe(1)
    access.endAll()
    await engine.run('SELECT 2')
    expect(access.given()).toBe(2)
  })

  test('with a wrong secret is refused in one line without it', async () => {
    const wrong = { ...env, DATABRICKS_CLIENT_SECRET: `wrong${CANARY}` }
    const { engine } = await scene({ env: wrong })
    const error = await failureOf(engine.run('SELECT 1'))
    expect(error).toMatchObject({
      code: 'service.denied',
      message: 'Databricks: Client authentication failed: invalid_client',
    })
  })
})

describe('a bad day', () => {
  test('of rate limits and maintenance is waited out', async () => {
    const { engine, stub, statements, waits } = await scene()
    const busy = { status: 429, headers: { 'retry-after': '2' }, json: {} }
    stub.break(
      { at: POST, kind: 'answer', reply: busy },
      { at: POST, kind: 'answer', reply: { status: 503, json: {} } },
    )
    await engine.run('SELECT 1')
    expect(waits).toEqual([2000, 500])
    expect(statements.all).toHaveLength(1)
  })

  test('of connections cut while looking is waited out', async () => {
    const { engine, stub } = await scene({ looks: 3 })
    stub.break(
      { at: /^GET .*statements/, kind: 'cutBefore' },
      { at: /^GET .*statements/, kind: 'cutAfter' },
    )
    await engine.run('SELECT 1')
    expect(stub.asked.filter((each) => POST.test(each))).toHaveLength(1)
  })

  test('of a connection cut while submitting is told, not repeated', async () => {
    const { engine, stub } = await scene()
    stub.break({ at: POST, kind: 'cutAfter' })
    expect(await failureOf(engine.run('CREATE TABLE x'))).toMatchObject({
      code: 'service.unreachable',
      retryable: true,
    })
    expect(stub.asked.filter((each) => POST.test(each))).toHaveLength(1)
  })
})

describe('no secret', () => {
  const everything = (error: unknown): string =>
    error instanceof Error
      ? [
          error.message,
          error.stack,
          isLakewrightError(error) ? JSON.stringify([error.details, error.hint]) : '',
          everything(error.cause),
        ].join('\n')
      : String(error)

  test('is in the error of an ended token, though the service quotes it', async () => {
    const { engine, access } = await scene()
    access.endAll()
    const error = await failureOf(engine.run('SELECT 1'))
    expect(error.message).toBe('Databricks: Invalid access token [secret].')
    expect(error.hint).toContain('sign in again')
    expect(everything(error)).not.toContain(CANARY)
  })

  test('is in the error of a statement that quotes it', async () => {
    const execute = () => ({ code: 'BAD_REQUEST', message: `bad ${PERSONAL_TOKEN}` })
    const { engine } = await scene({ execute })
    expect(everything(await failureOf(engine.run('x')))).not.toContain(CANARY)
  })
})
