import { expect, it } from 'vitest'

import { endOfDay } from './endOfDay'

it.each([
  ['2026-11-22', 'Asia/Shanghai', '2026-11-22T16:00:00.000Z'],
  ['2026-12-31', 'UTC', '2027-01-01T00:00:00.000Z'],
  ['2026-03-28', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-02-28', 'America/New_York', '2026-03-01T05:00:00.000Z'],
])('%s ends in %s at %s', (day, zone, at) => {
  expect(endOfDay(day, zone)).toBe(at)
})
