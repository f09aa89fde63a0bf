import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'

import { answer, person } from '@/testing/field'

import { isOld, OLD_S } from './people'
import { EVERY_MS, pauseAfter, SILENT_MS, useDots } from './useDots'

/** What the server says next, and what it was asked. */
let says: (() => Promise<Response>) | null = null
let asked: string[] = []

const json = (body: unknown) => Promise.resolve(new Response(JSON.stringify(body)))

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-14T09:00:00Z') })
  asked = []
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push(url)
    if (says) return says()
    return new Promise((_, refuse) => init.signal?.addEventListener('abort', () => refuse(new DOMException('', 'AbortError'))))
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  says = null
})

function begin() {
  const scope = effectScope()
  const view = scope.run(() => useDots('desk'))!
  return { view, leave: () => scope.stop() }
}
const pass = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms)
  await nextTick()
}

it('shows a position within two seconds, and asks on with the cursor', async () => {
  says = () => json(answer({ whole: true, cursor: 'x:1', dots: [person(7)] }))
  const { view, leave } = begin()
  await pass(0)
  expect(view.value!.people.get(7)!.lat).toBe(40)
  says = () => json(answer({ cursor: 'x:2', now: '2026-03-14T09:00:02Z', dots: [person(7, { lat: 41 })] }))
  await pass(EVERY_MS)
  expect(view.value!.people.get(7)!.lat).toBe(41)
  expect(asked).toEqual(['/api/v1/field/dots?since=', '/api/v1/field/dots?since=x%3A1'])
  leave()
})

it('makes somebody hollow five minutes after their page was closed', async () => {
  let at = Date.parse('2026-03-14T09:00:00Z')
  says = () => json(answer({ now: new Date(at).toISOString(), whole: true, dots: [person(7)] }))
  const { view, leave } = begin()
  for (let ms = 0; ms < (OLD_S - 10) * 1_000; ms += EVERY_MS) {
    await pass(EVERY_MS)
    at += EVERY_MS
  }
  const hollow = () => isOld(view.value!.people.get(7)!, view.value!.now, view.value!.silent)
  expect(hollow()).toBe(false)
  for (let ms = 0; ms < 14_000; ms += EVERY_MS) {
    await pass(EVERY_MS)
    at += EVERY_MS
  }
  expect([hollow(), view.value!.silent]).toEqual([true, false])
  leave()
})

it('keeps what it heard while nobody answers, says so, and asks less often', async () => {
  says = () => json(answer({ whole: true, dots: [person(7)] }))
  const { view, leave } = begin()
  await pass(0)
  says = () => Promise.resolve(new Response('', { status: 503 }))
  await pass(SILENT_MS + 2_000)
  expect([view.value!.silent, view.value!.people.size]).toEqual([true, 1])
  expect(view.value!.sinceMs).toBeGreaterThan(SILENT_MS)
  expect([0, 1, 2, 9].map(pauseAfter)).toEqual([1_500, 3_000, 6_000, 15_000])
  expect(asked.length).toBeLessThan(5)
  says = () => json(answer({ dots: [], now: '2026-03-14T09:01:00Z' }))
  await pass(15_000)
  expect(view.value!.silent).toBe(false)
  leave()
})

it('gives up a question that hangs, and never asks two at once', async () => {
  const { view, leave } = begin()
  await pass(4_900)
  expect(asked).toHaveLength(1)
  await pass(3_200)
  expect([asked.length, view.value]).toEqual([2, null])
  leave()
})

it('asks no more once the map is gone, or when it is refused', async () => {
  says = () => json(answer())
  const first = begin()
  await pass(0)
  first.leave()
  await pass(20_000)
  expect(asked).toHaveLength(1)
  says = () => Promise.resolve(new Response('', { status: 403 }))
  const second = begin()
  await pass(20_000)
  expect([asked.length, second.view.value]).toEqual([2, null])
  second.leave()
})
