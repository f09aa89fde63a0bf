import { describe, expect, it } from 'vitest'

import type { RosterLine } from '@/api/duty'

import { absencesOn, clockOf, dayOf, daysOn, mondayOf, moved, shiftsOn, weekdayOf } from './week'

const ZONE = 'Asia/Shanghai'
const line = {
  shifts: [{ id: 1, begins_at: '2026-03-16T14:00:00Z', ends_at: '2026-03-16T22:00:00Z' }],
  absences: [{ id: 1, from_day: '2026-03-17', until_day: '2026-03-18' }, { id: 2, from_day: '2026-03-20', until_day: null }],
} as unknown as RosterLine

describe('the days of a roster', () => {
  it('are those of the site, whatever the browser has', () => {
    expect(dayOf('2026-03-15T16:00:00Z', ZONE)).toBe('2026-03-16')
    expect(clockOf('2026-03-15T16:00:00Z', ZONE)).toBe('00:00')
  })

  it('begin on Monday, also across the turn of the year', () => {
    expect([mondayOf('2026-03-16'), mondayOf('2026-03-22'), mondayOf('2027-01-01')]).toEqual(['2026-03-16', '2026-03-16', '2026-12-28'])
    expect([weekdayOf('2026-03-16'), weekdayOf('2026-03-22')]).toEqual([1, 7])
    expect(daysOn('2026-02-28', 1)).toBe('2026-03-01')
  })

  it('hold a night on the evening on which it begins', () => {
    expect(['2026-03-16', '2026-03-17'].map((day) => shiftsOn(line, day, ZONE).length)).toEqual([1, 0])
  })

  it('hold an absence up to the day before its end, or for good', () => {
    expect(['2026-03-16', '2026-03-17', '2026-03-18', '2026-03-21'].map((day) => absencesOn(line, day).length)).toEqual([0, 1, 0, 1])
  })
})

it('moves with the arrows and stops at the edges', () => {
  expect(moved({ row: 0, column: 6 }, 'ArrowRight', 3)).toEqual({ row: 0, column: 6 })
  expect(moved({ row: 0, column: 3 }, 'ArrowUp', 3)).toEqual({ row: 0, column: 3 })
  expect(moved({ row: 1, column: 3 }, 'PageDown', 3)).toEqual({ row: 2, column: 3 })
  expect(moved({ row: 1, column: 3 }, 'Home', 3)).toEqual({ row: 1, column: 0 })
  expect(moved({ row: 1, column: 3 }, 'x', 3)).toBeNull()
})
