import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { logIn } from '@/testing/pages'

import { dropEverything } from './holding'
import { useNames } from './names'

const asked: string[][] = []
let away = false

beforeEach(async () => {
  setActivePinia(createPinia())
  await logIn()
  vi.useFakeTimers()
  asked.length = 0
  away = false
  vi.stubGlobal('fetch', async (_address: string, { body }: { body: string }) => {
    const { names } = JSON.parse(body) as { names: string[] }
    asked.push(names)
    if (away) return new Response(JSON.stringify({ error: { code: 'office_away', message: 'away', params: {} } }), { status: 503 })
    return new Response(JSON.stringify(Object.fromEntries(names.map((name) => [name, `Latin ${names.indexOf(name)}`]))))
  })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('asks once for all names that come up together, and shows them as registered until then', async () => {
  const names = useNames()
  expect([names.latinOf('何秀芬'), names.latinOf('温静'), names.latinOf('何秀芬')]).toEqual(['何秀芬', '温静', '何秀芬'])
  await vi.advanceTimersByTimeAsync(100)
  expect(asked).toEqual([['何秀芬', '温静']])
  expect([names.latinOf('何秀芬'), names.latinOf('温静')]).toEqual(['Latin 0', 'Latin 1'])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(1)
})

it('asks nothing for a name in Latin letters', async () => {
  expect(useNames().latinOf('Anna Weber')).toBe('Anna Weber')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked).toEqual([])
})

it('keeps the registered name while the office is away, and asks again later and not at once', async () => {
  away = true
  const names = useNames()
  names.latinOf('何秀芬')
  await vi.advanceTimersByTimeAsync(100)
  expect(names.latinOf('何秀芬')).toBe('何秀芬')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked).toHaveLength(1)
  away = false
  await vi.advanceTimersByTimeAsync(30_000)
  names.latinOf('何秀芬')
  await vi.advanceTimersByTimeAsync(100)
  expect(names.latinOf('何秀芬')).toBe('Latin 0')
})

it('asks nothing where nobody has logged in', async () => {
  setActivePinia(createPinia())
  expect(useNames().latinOf('何秀芬')).toBe('何秀芬')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked).toEqual([])
})

it('asks for so many names at once as the server takes', async () => {
  const names = useNames()
  for (let n = 0; n < 700; n += 1) names.latinOf(`何${n}`)
  await vi.advanceTimersByTimeAsync(200)
  expect(asked.map((each) => each.length)).toEqual([500, 200])
})

it('forgets them with whoever signs out', async () => {
  const names = useNames()
  names.latinOf('何秀芬')
  await vi.advanceTimersByTimeAsync(100)
  dropEverything()
  expect(names.latinOf('何秀芬')).toBe('何秀芬')
})
