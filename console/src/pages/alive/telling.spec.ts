import { expect, it } from 'vitest'

import type { Finding } from '@/api/alive'

import { isStale, limitOf, said, worstFirst } from './telling'

const one = (state: Finding['state'], more: Partial<Finding> = {}): Finding => ({ check: 'disk', subject: '', state, value: 1, unit: 'percent', warn: 15, bad: 5, said: '', since: '', ...more })

it('puts on top what somebody must see to', () => {
  expect(worstFirst([one('well'), one('unknown'), one('off'), one('bad'), one('warn')]).map(({ state }) => state)).toEqual(['bad', 'warn', 'unknown', 'well', 'off'])
})

it.each([
  ['seconds', 0.0042, 'seconds', '0.004'],
  ['seconds', 65.4, 'seconds', '65'],
  ['seconds', 93_600, 'hours', '26'],
  ['holds', 1, 'yes', ''],
  ['holds', 0, 'no', ''],
  ['gib', 0.123, 'gib', '0.12'],
  ['days', 7.6, 'days', '8'],
] as const)('says %s of %d as %s', (unit, value, key, n) => expect(said(unit, value)).toEqual({ key, n }))

it('takes what is older than a minute, or was never looked at, for no word about now', () => {
  expect(isStale('2026-11-28T03:01:30Z', '2026-11-28T03:00:00Z')).toBe(true)
  expect(isStale('2026-11-28T03:00:30Z', '2026-11-28T03:00:00Z')).toBe(false)
  expect(isStale('2026-11-28T03:00:30Z', null)).toBe(true)
})

it('names the first limit that there is', () => {
  expect(limitOf(one('well'))).toBe(15)
  expect(limitOf(one('well', { warn: null, bad: 1 }))).toBe(1)
  expect(limitOf(one('well', { warn: null, bad: null }))).toBe(null)
})
