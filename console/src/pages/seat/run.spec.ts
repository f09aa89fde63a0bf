import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { useIncidents } from '@/stores/incidents'
import { logIn, refusal, serve } from '@/testing/pages'
import { entry, incident } from '@/testing/views'

import { useDesk } from './desk'
import { useRun } from './run'

const one = incident({ id: 'a', home_id: null, state: 'taken', taken_by: 1 })
const other = incident({ id: 'b', home_id: null })

let asked: string[]
let plan: unknown

function standing(dueInMs: number | null) {
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  return { steps: [{ id: 'wait', type: 'wait', text: '', text_en: '', minutes: 5 }], standing: { current: 'wait', since: at(0), due_at: dueInMs === null ? null : at(dueInMs), round: 1, done: [], undone: ['wait'], answers: ['done'] } }
}

beforeEach(async () => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  await logIn()
  plan = standing(null)
  asked = []
  serve({ '/incidents': refusal(503, 'unavailable') })
  const before = fetch
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (!url.endsWith('/plan')) return before(url, init)
    asked.push(url)
    return plan instanceof Response ? plan.clone() : new Response(JSON.stringify(plan))
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

async function opened() {
  useIncidents().applyUpserts([one, other], [])
  useDesk().open('a')
  const run = useRun()
  await flushPromises()
  return run
}

it('reads the plan of the incident that lies open, and of the next one', async () => {
  const run = await opened()
  expect(run.current?.id).toBe('wait')
  expect(run.undone.map(({ id }) => id)).toEqual(['wait'])
  useDesk().open('b')
  expect(run.run).toBeNull()
  await flushPromises()
  expect(asked).toEqual(['/api/v1/incidents/a/plan', '/api/v1/incidents/b/plan'])
})

it('reads it again after what may have moved it on, and after nothing else', async () => {
  await opened()
  useIncidents().applyUpserts([{ ...one, version: 2 }], [entry(one, 2, { kind: 'note' })])
  await flushPromises()
  expect(asked).toHaveLength(1)
  useIncidents().applyUpserts([{ ...one, version: 3 }], [entry(one, 3, { kind: 'step' })])
  await flushPromises()
  expect(asked).toHaveLength(2)
})

it('looks again when a wait is over', async () => {
  plan = standing(60_000)
  await opened()
  await vi.advanceTimersByTimeAsync(55_000)
  expect(asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked.length).toBeGreaterThan(1)
})

it.each([['a refusal', refusal(503, 'unavailable')], ['an answer that is no plan', {}]])('keeps asking after %s', async (_, answer) => {
  plan = answer
  const run = await opened()
  expect(run.run).toBeNull()
  expect(run.failed).not.toBeNull()
  plan = standing(null)
  await vi.advanceTimersByTimeAsync(6_000)
  expect(run.current?.id).toBe('wait')
  expect(run.failed).toBeNull()
})
