import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'

import { useGathered } from './gathered'

let scope: EffectScope
beforeEach(() => {
  vi.useFakeTimers()
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

it('shows a change at once, and those of the next half second together', async () => {
  const source = shallowRef(0)
  const shown = scope.run(() => useGathered(() => source.value, () => 500))!
  const seen: number[] = []
  for (const value of [1, 2, 3]) {
    source.value = value
    await nextTick()
    seen.push(shown.value)
  }
  expect(seen).toEqual([1, 1, 1])
  await vi.advanceTimersByTimeAsync(500)
  expect(shown.value).toBe(3)
})

it('holds nothing back where there is no pause', async () => {
  const source = shallowRef(0)
  const shown = scope.run(() => useGathered(() => source.value, () => 0))!
  for (const value of [1, 2]) {
    source.value = value
    await nextTick()
    expect(shown.value).toBe(value)
  }
})
