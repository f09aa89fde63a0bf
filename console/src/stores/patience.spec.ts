import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'

import { ApiError } from '@/api/http'

import { useConnection } from './connection'
import { usePatience } from './patience'

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
})
afterEach(() => void vi.useRealTimers())

const away = () => new ApiError(503, 'office_away', '', {}, 2)

it('asks again by itself until the office is back', async () => {
  const patience = usePatience()
  const answers: (string | ApiError)[] = [away(), away(), 'profile']
  const question = vi.fn(async () => {
    const next = answers.shift()!
    if (next instanceof ApiError) throw next
    return next
  })
  const asked = patience.ask(question)
  await vi.advanceTimersByTimeAsync(0)
  expect(patience.away.value).toBe(true)
  await vi.advanceTimersByTimeAsync(1_900)
  expect(question).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(2_200)
  expect(await asked).toBe('profile')
  expect(patience.away.value).toBe(false)
})

it('asks again after no answer at all only while the database is away', async () => {
  const none = new ApiError(0, 'unreachable', '')
  await expect(usePatience().ask(async () => Promise.reject(none))).rejects.toBe(none)
  useConnection().database = false
  const answers: (ApiError | string)[] = [none, 'profile']
  const asked = usePatience().ask(async () => {
    const next = answers.shift()!
    if (next instanceof ApiError) throw next
    return next
  })
  await vi.advanceTimersByTimeAsync(2_100)
  expect(await asked).toBe('profile')
})

it('lets other refusals through at once', async () => {
  const patience = usePatience()
  const refused = new ApiError(404, 'not_found', '')
  await expect(patience.ask(async () => Promise.reject(refused))).rejects.toBe(refused)
  expect(patience.away.value).toBe(false)
})

it('gives up what nobody wants any more', async () => {
  const patience = usePatience()
  let open = true
  const question = vi.fn(async () => Promise.reject(away()))
  const asked = patience.ask(question, () => open).catch((error: unknown) => error)
  open = false
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await asked).toMatchObject({ code: 'office_away' })
  expect(question).toHaveBeenCalledOnce()
})

it('asks no more once its page is left', async () => {
  const scope = effectScope()
  const patience = scope.run(() => usePatience())!
  const question = vi.fn(async () => Promise.reject(away()))
  const asked = patience.ask(question).catch((error: unknown) => error)
  scope.stop()
  await vi.advanceTimersByTimeAsync(10_000)
  await asked
  expect(question).toHaveBeenCalledOnce()
})
