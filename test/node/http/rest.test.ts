import { describe, expect, test } from 'vitest'
import { fail, isLakewrightError, LakewrightError } from '../../../src/core/errors.ts'
import type { HttpRequest, HttpResponse, Json } from '../../../src/core/ports.ts'
import type { Pause } from '../../../src/node/http/fetch.ts'
import { ask, askJson, isObject, type RestService } from '../../../src/node/http/rest.ts'
import { createSecrets } from '../../../src/node/http/secrets.ts'
import { fixedToken, renewedToken } from '../../../src/node/http/token.ts'
import { failureOf } from '../../support/failure.ts'

const TOKEN = 'dapi-canary-7f3b'

type Reply = Partial<Omit<HttpResponse, 'body'>> & { readonly body?: Json | string }

/** A service that gives the replies in turn, an Error being thrown, with all that was sent and waited. */
const scripted = (replies: readonly (Reply | Error)[], parts: Partial<RestService> = {}) => {
  const sent: HttpRequest[] = []
  const waits: number[] = []
  let time = 1_700_000_000_000
  const pause: Pause = {
    now: () => time,
    random: () => 0,
    sleep: async (milliseconds) => {
      waits.push(milliseconds)
      time += milliseconds
    },
  }
  const secrets = createSecrets()
  secrets.keep(TOKEN)
  const service: RestService = {
    name: 'Here',
    origin: 'https://here.example',
    pause,
    secrets,
    token: fixedToken(TOKEN),
    problem: (body) =>
      isObject(body) && typeof body['message'] === 'string'
        ? { message: body['message'], code: JSON.stringify(body['error_code']) }
        : undefined,
    http: async (request) => {
      sent.push(request)
      const reply = replies[sent.length - 1] ?? fail('internal', 'asked too often')
      if (reply instanceof Error) throw reply
      const { status = 200, headers = {}, body = {} } = reply
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      return { status, headers, body: new TextEncoder().encode(text) }
    },
    ...parts,
  }
  return { service, sent, waits }
}

const lost = (): Error => {
  try {
    return fail('service.unreachable', 'here.example cannot be reached: ECONNRESET')
  } catch (error) {
    return error as Error
  }
}

const GET = { method: 'GET', path: '/things' } as const
const POST = { method: 'POST', path: '/things', json: { a: 1 } } as const

describe('a request', () => {
  test('carries the token, the query without undefined names, and JSON', async () => {
    const { service, sent } = scripted([{ body: { ok: true } }])
    const query = { name: 'a b&c', none: undefined }
    expect(await askJson(service, { ...POST, query })).toEqual({ ok: true })
    expect(sent).toMatchObject([
      {
        method: 'POST',
        url: 'https://here.example/things?name=a+b%26c',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: '{"a":1}',
      },
    ])
  })

  test.each(['/a/..', '/a/../b', '/./b', '/a/.?x=/../y'])(
    'whose address %s would lead elsewhere is not sent',
    async (path) => {
      const { service, sent } = scripted([{}])
      const error = await failureOf(ask(service, { method: 'DELETE', path }))
      expect(error).toMatchObject({ code: 'usage.option' })
      expect(sent).toEqual([])
    },
  )

  test('may have dots in a name and in its query', async () => {
    const { service, sent } = scripted([{}, {}])
    await ask(service, { method: 'GET', path: '/a..b/.c/d.' })
    await ask(service, { method: 'GET', path: '/a?x=/../y' })
    expect(sent).toHaveLength(2)
  })

  test.each(['', 'two words', 'line\nbreak', 'dapi-é'])(
    'with %j for a token is not sent, and does not show it',
    async (token) => {
      const { service, sent } = scripted([{}], { token: fixedToken(token) })
      const error = await failureOf(ask(service, GET))
      expect(error).toMatchObject({ code: 'service.denied' })
      expect(error.message).toBe('the token for Here has characters that no token has')
      expect(sent).toEqual([])
    },
  )

  test('of a form is encoded as one', async () => {
    const { service, sent } = scripted([{}])
    await ask(service, { method: 'POST', path: '/token', form: { scope: 'all-apis', x: 'a&b' } })
    expect(sent[0]?.body).toBe('scope=all-apis&x=a%26b')
    expect(sent[0]?.headers?.['content-type']).toBe('application/x-www-form-urlencoded')
  })

  test('gives a status that the caller accepts back to it', async () => {
    const { service } = scripted([{ status: 404, body: { message: 'none' } }])
    const answer = await ask(service, { ...GET, accept: [404] })
    expect(answer).toMatchObject({ status: 404, json: { message: 'none' } })
  })

  test('for JSON fails when the answer is a page of a proxy', async () => {
    const { service } = scripted([{ body: '<html>Sign in</html>' }])
    const error = await failureOf(askJson(service, GET))
    expect(error).toMatchObject({ code: 'service.failed' })
    expect(error.message).toBe('Here answered GET /things without JSON')
  })
})

describe('a busy service', () => {
  test('is asked again after the seconds it names, also for a POST', async () => {
    const busy: Reply = { status: 429, headers: { 'retry-after': '7' } }
    const { service, sent, waits } = scripted([busy, busy, { body: { done: 1 } }])
    expect(await askJson(service, POST)).toEqual({ done: 1 })
    expect(sent).toHaveLength(3)
    expect(waits).toEqual([7000, 7000])
  })

  test('is asked again at the date it names', async () => {
    const at = new Date(1_700_000_000_000 + 12_000).toUTCString()
    const { service, waits } = scripted([{ status: 503, headers: { 'retry-after': at } }, {}])
    await ask(service, GET)
    expect(waits).toEqual([12_000])
  })

  test('that names a time that is past is not asked at once', async () => {
    const past = new Date(1_600_000_000_000).toUTCString()
    const { service, waits } = scripted([{ status: 429, headers: { 'retry-after': past } }, {}])
    await ask(service, GET)
    expect(waits).toEqual([250])
  })

  test('that names no time is asked at doubled intervals, then no more', async () => {
    const { service, sent, waits } = scripted(Array.from({ length: 20 }, () => ({ status: 503 })))
    const error = await failureOf(ask(service, GET))
    expect(error).toMatchObject({ code: 'service.unreachable', retryable: true })
    expect(sent).toHaveLength(8)
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000])
  })

  test('that names an hour is not waited for', async () => {
    const { service, waits } = scripted([{ status: 429, headers: { 'retry-after': '3600' } }])
    const error = await failureOf(ask(service, GET))
    expect(error.message).toBe('Here is busy (status 429) and asks to wait 3600 s more')
    expect(waits).toEqual([])
  })
})

describe('a lost connection', () => {
  test('is made again where repeating is harmless', async () => {
    const { service, sent } = scripted([lost(), { status: 502 }, { body: { ok: 1 } }])
    expect(await askJson(service, GET)).toEqual({ ok: 1 })
    expect(sent).toHaveLength(3)
  })

  test('to a host that is not there is not waited for', async () => {
    const gone = new LakewrightError('service.unreachable', 'no', {
      details: { reason: 'ENOTFOUND' },
    })
    const { service, sent } = scripted([gone, gone, gone, {}])
    expect(await failureOf(ask(service, GET))).toMatchObject({ code: 'service.unreachable' })
    expect(sent).toHaveLength(3)
  })

  test('in a POST is the caller’s to judge', async () => {
    const { service, sent } = scripted([lost(), {}])
    const error = await failureOf(ask(service, POST))
    expect(error).toMatchObject({ code: 'service.unreachable' })
    expect(sent).toHaveLength(1)
  })

  test('in a POST that may be repeated is made again', async () => {
    const { service, sent } = scripted([lost(), {}])
    await ask(service, { ...POST, repeatable: true })
    expect(sent).toHaveLength(2)
  })
})

describe('a refused token', () => {
  const renewing = (tokens: readonly string[]) => {
    let asked = 0
    const expiresAt = 1_800_000_000_000
    const token = renewedToken(
      async () => ({ token: tokens[asked++] ?? 'none', expiresAt }),
      () => 1_700_000_000_000,
    )
    return { token, asked: () => asked }
  }

  test('is renewed once', async () => {
    const { token, asked } = renewing(['first', 'second'])
    const { service, sent } = scripted([{ status: 401 }, { body: { ok: 1 } }], { token })
    expect(await askJson(service, GET)).toEqual({ ok: 1 })
    expect(sent.map((each) => each.headers?.['authorization'])).toEqual([
      'Bearer first',
      'Bearer second',
    ])
    expect(asked()).toBe(2)
  })

  test('that is refused again ends the request with what to do', async () => {
    const { token } = renewing(['first', 'second'])
    const replies = [{ status: 401 }, { status: 401, body: { message: 'Invalid Token' } }]
    const { service } = scripted(replies, { token })
    const error = await failureOf(ask(service, GET))
    expect(error).toMatchObject({ code: 'service.denied', message: 'Here: Invalid Token' })
    expect(error.hint).toContain('sign in again')
  })

  test('is asked for once by requests side by side, and again only near its end', async () => {
    let time = 0
    let asked = 0
    const token = renewedToken(
      async () => ({ token: `t${++asked}`, expiresAt: time + 3_600_000 }),
      () => time,
    )
    expect(await Promise.all([token.get(), token.get(), token.get()])).toEqual(['t1', 't1', 't1'])
    time = 3_539_999
    expect(await token.get()).toBe('t1')
    time = 3_540_000
    expect(await token.get()).toBe('t2')
  })
})

describe('an error', () => {
  test.each([
    [403, 'service.denied'],
    [400, 'service.failed'],
    [500, 'service.failed'],
    [302, 'service.failed'],
  ])('of status %i is %s with the service’s words', async (status, code) => {
    const body = { error_code: 'NOPE', message: 'no\n  such thing' }
    const { service } = scripted([{ status, body }])
    const error = await failureOf(ask(service, GET))
    expect(error).toMatchObject({ code, message: 'Here: no such thing' })
    expect(error.details).toEqual({ request: 'GET /things', status, errorCode: '"NOPE"' })
  })

  test('is one line of bounded length, without what a terminal would obey', async () => {
    const message = `\u001b[31mno\u0007\r\n ${'such thing '.repeat(100_000)}`
    const { service } = scripted([{ status: 400, body: { message } }])
    const error = await failureOf(ask(service, GET))
    expect(error.message.startsWith('Here: [31mno such thing')).toBe(true)
    expect(error.message.length).toBeLessThan(2010)
    const page = `<html>${'\u0000 '.repeat(40_000)}${TOKEN}</html>`
    const { service: other } = scripted([{ status: 400, body: page }])
    expect(everything(await failureOf(ask(other, GET)))).not.toContain(TOKEN.slice(0, 5))
  })

  test('whose excerpt ends within a token shows no piece of it', async () => {
    for (let cut = 1; cut <= TOKEN.length; cut++) {
      const page = `x${' '.repeat(65_535 - cut)}${TOKEN} and more`
      const { service } = scripted([{ status: 400, body: page }])
      expect(everything(await failureOf(ask(service, GET)))).not.toContain(TOKEN.slice(0, 4))
    }
  })

  test('that quotes the token does not pass it on, wherever it stands', async () => {
    const bodies: readonly (Json | string)[] = [
      { message: `token ${TOKEN} has ended` },
      `${'x'.repeat(495)}${TOKEN}`,
    ]
    for (const body of bodies) {
      const { service } = scripted([{ status: 400, body }])
      expect(everything(await failureOf(ask(service, GET)))).not.toContain(TOKEN.slice(0, 5))
    }
    const coded = scripted([{ status: 400, body: { message: 'no', error_code: TOKEN } }])
    expect(everything(await failureOf(ask(coded.service, GET)))).not.toContain(TOKEN)
    const { service } = scripted([new TypeError(`bad header Bearer ${TOKEN}`)])
    expect(everything(await failureOf(ask(service, POST)))).not.toContain(TOKEN)
  })
})

const everything = (error: Error): string =>
  [error.message, error.stack, JSON.stringify(error), String(error.cause)].join('\n') +
  (isLakewrightError(error) ? JSON.stringify(error.details) : '')
