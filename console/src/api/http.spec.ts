import { afterEach, describe, expect, it, vi } from 'vitest'

import { ApiError, commandId, get, isAway, lookUp, post, retryAfterMs, setCsrfToken, whenSignedOut } from './http'

function answerWith(status: number, body: unknown) {
  const asked = vi.fn(async (_url: string, _init: RequestInit) => new Response(status === 204 ? null : JSON.stringify(body), { status }))
  vi.stubGlobal('fetch', asked)
  return asked
}

describe('requests', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('carry the CSRF token when they change something', async () => {
    const asked = answerWith(200, {})
    setCsrfToken('secret')
    await post('/logout')
    await get('/me')
    expect(asked.mock.calls[0]![1].headers).toMatchObject({ 'X-CSRF-Token': 'secret' })
    expect(asked.mock.calls[1]![1].headers).not.toHaveProperty('X-CSRF-Token')
  })

  it('leave out what was not asked for', async () => {
    const asked = answerWith(200, [])
    await get('/residents', { q: '沈', page: 1, status: '', risk: null, sex: undefined })
    expect(asked.mock.calls[0]![0]).toBe('/api/v1/residents?q=%E6%B2%88&page=1')
  })

  it('carry words that are searched for where no log of a proxy has them', async () => {
    const asked = answerWith(200, [])
    await lookUp('/residents', { q: '沈玉兰', page: 1, status: '' })
    await lookUp('/residents', { q: '', page: 1 })
    expect(asked.mock.calls.map(([url, { method, body }]) => [method, url, body])).toEqual([
      ['POST', '/api/v1/residents/search', '{"q":"沈玉兰","page":1}'],
      ['GET', '/api/v1/residents?page=1', null],
    ])
  })

  it('turn a refusal into its code and parameters', async () => {
    answerWith(409, { error: { code: 'taken_by_other', message: 'Another operator', params: { name: '薛琳' } } })
    const refused = await post('/incidents/1/take').catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ApiError)
    expect(refused).toMatchObject({ status: 409, code: 'taken_by_other', params: { name: '薛琳' } })
  })

  it('say that the server is unreachable when no answer comes', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('failed')))
    await expect(get('/me')).rejects.toMatchObject({ status: 0, code: 'unreachable' })
  })

  it('know when the office is away, and when to ask again', async () => {
    const error = { code: 'office_away', message: '', params: {} }
    vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ error }), { status: 503, headers: { 'Retry-After': '3' } }))
    const refused = await get('/residents').catch((reason: unknown) => reason)
    expect(isAway(refused)).toBe(true)
    expect(retryAfterMs(refused)).toBe(3_000)
    expect(isAway(new ApiError(503, 'database_unavailable', ''))).toBe(true)
    expect(isAway(new ApiError(503, 'unavailable', ''))).toBe(false)
  })

  it('neither storm nor forget a server that names no time, or a foolish one', () => {
    const waits = [null, 0, 86_400].map((seconds) => retryAfterMs(new ApiError(503, 'office_away', '', {}, seconds)))
    expect(waits).toEqual([2_000, 500, 15_000])
  })

  it('tell the page when the session is gone', async () => {
    const left = vi.fn()
    whenSignedOut(left)
    answerWith(401, { error: { code: 'unauthenticated', message: '', params: {} } })
    await get('/me').catch(() => undefined)
    expect(left).toHaveBeenCalledOnce()
  })

  it.each(['login_failed', 'slip_used'])('leave whoever is logged in where they are after a wrong try: %s', async (code) => {
    const left = vi.fn()
    whenSignedOut(left)
    answerWith(401, { error: { code, message: '', params: {} } })
    await post('/me/confirm', {}).catch(() => undefined)
    expect(left).not.toHaveBeenCalled()
  })
})

it('makes command ids that are UUIDs of version 7, in the order of time', () => {
  const ids = [1_000, 2_000, 3_000].map((now) => commandId(now))
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect([...ids].sort()).toEqual(ids)
})
