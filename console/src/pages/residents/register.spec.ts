import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { serve } from '@/testing/pages'

import { useRegister } from './register'

const line = (id: number) => ({ id, name: `老人${id}` })
const found = (...ids: number[]) => ({ items: ids.map(line), total: 120, total_is_capped: false, after: null, page: 1, limit: 50 })

describe('the register', () => {
  beforeEach(() => setActivePinia(createPinia()))
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('shows what the newest question found, whichever answer comes last', async () => {
    const register = useRegister()
    const waiting: (() => void)[] = []
    vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => new Promise((answer) => waiting.push(() => answer(new Response(JSON.stringify(JSON.parse(body).q === 'b' ? found(2) : found(1)))))))
    register.query = 'a'
    const first = register.load()
    register.query = 'b'
    const second = register.load()
    waiting[1]!()
    await second
    waiting[0]!()
    await first
    expect(register.lines.map(({ id }) => id)).toEqual([2])
    expect(register.asking).toBe(false)
  })

  it('counts its pages and keeps the cursor among its lines', async () => {
    serve({ '/residents': found(1, 2, 3) })
    const register = useRegister()
    await register.load()
    expect(register.pages).toBe(3)
    register.move(9)
    expect(register.cursor).toBe(2)
    register.move(-9)
    expect(register.cursor).toBe(0)
  })

  it('goes on by the cursor behind the last page that is counted, and forgets it with the next question', async () => {
    serve({ '/residents': { ...found(1, 2), total: 60, total_is_capped: true, after: 'behind-2' }, '/residents?limit=50&after=behind-2': { ...found(3), after: null } })
    const register = useRegister()
    await register.load()
    expect(register.goesOn).toBe(false)
    register.page = 2
    await register.load()
    expect(register.goesOn).toBe(true)
    await register.more()
    expect(register.lines.map(({ id }) => id)).toEqual([1, 2, 3])
    expect([register.goesOn, register.total, register.capped]).toEqual([false, 60, true])
    await register.more()
    expect(register.lines).toHaveLength(3)
    await register.load()
    expect(register.lines.map(({ id }) => id)).toEqual([1, 2])
  })

  it('adds no lines of one question behind those of another', async () => {
    const waiting: (() => void)[] = []
    const register = useRegister()
    serve({ '/residents': { ...found(1), total: 1, after: 'behind-1' } })
    await register.load()
    vi.stubGlobal('fetch', (url: string) => new Promise((answer) => waiting.push(() => answer(new Response(JSON.stringify(url.includes('after') ? found(2) : found(9)))))))
    const more = register.more()
    register.query = 'b'
    const other = register.load()
    waiting[1]!()
    await other
    waiting[0]!()
    await more
    expect(register.lines.map(({ id }) => id)).toEqual([9])
  })

  it('asks again by itself while the office is away', async () => {
    vi.useFakeTimers()
    const answers = [new Response(JSON.stringify({ error: { code: 'office_away', message: '', params: {} } }), { status: 503, headers: { 'Retry-After': '1' } }), new Response(JSON.stringify(found(1)))]
    vi.stubGlobal('fetch', async () => answers.shift())
    const register = useRegister()
    const asked = register.load()
    await vi.advanceTimersByTimeAsync(0)
    expect(register.away).toBe(true)
    await vi.advanceTimersByTimeAsync(1_000)
    await asked
    expect(register.away).toBe(false)
    expect(register.lines).toHaveLength(1)
    expect(register.failure).toBeNull()
  })

  it('forgets everything between two visits', async () => {
    serve({ '/residents': found(1) })
    const register = useRegister()
    register.query = '沈'
    await register.load()
    register.open = 1
    register.clear()
    expect([register.query, register.open, register.lines.length]).toEqual(['', undefined, 0])
  })
})
