import { expect, it } from 'vitest'

import { better, clockError } from './clock'

const SERVER = '2026-11-28T09:00:00Z'
const at = Date.parse(SERVER)

it('takes half of the way off', () => {
  expect(clockError(at + 5_000, at + 9_000, SERVER)).toEqual({ error_s: 7, within_s: 2 })
  expect(clockError(at - 86_400_000, at - 86_400_000, SERVER).error_s).toBe(-86_400)
})

it('believes a quick answer more than a slow one, until the clock was set', () => {
  const quick = { error_s: 7, within_s: 0.1 }
  expect(better(quick, { error_s: 8, within_s: 4 })).toBe(quick)
  expect(better({ error_s: 8, within_s: 4 }, quick)).toBe(quick)
  const setMeanwhile = { error_s: -3_600, within_s: 4 }
  expect(better(quick, setMeanwhile)).toBe(setMeanwhile)
  expect(better(null, quick)).toBe(quick)
})
