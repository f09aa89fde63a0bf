import { describe, expect, it } from 'vitest'

import type { CallFiguresRow } from '@/api/callFigures'

import { average, barsOf, busiest, clockOf, dayAt, dayBefore, marksOf, percent } from './calls'

const row = (key: string, offered: number, answered: number) => ({ key, name: '', name_en: '', offered, answered, simulated: 0, read_back: 0, by_hand: 0 }) as CallFiguresRow

describe('figures of calls', () => {
  it('round no share up', () => {
    expect(percent(121_200, 303_000)).toBe('40.0')
    expect(percent(121_199, 303_000)).toBe('39.9')
    expect(percent(0, 0)).toBe('')
  })

  it('write times as clocks', () => {
    expect([clockOf(0), clockOf(9.6), clockOf(75), clockOf(3_661), clockOf(null)]).toEqual(['0:00', '0:10', '1:15', '1:01:01', ''])
    expect(average(30, 4)).toBe(7.5)
    expect(average(0, 0)).toBe(null)
  })

  it('draw the tallest bar as high as the chart, and mark only what has room', () => {
    const bars = barsOf([row('0', 0, 0), row('1', 200, 150), row('2', 50, 50)])
    expect(bars.map(({ answered, lost }) => [answered, lost])).toEqual([[0, 0], [75, 25], [25, 0]])
    const year = barsOf(Array.from({ length: 300 }, (_, n) => row(String(n), 1, 1)))
    expect(year.filter(({ marked }) => marked).length).toBeLessThanOrEqual(12)
    expect(barsOf([row('0', 0, 0)])[0]).toMatchObject({ answered: 0, lost: 0 })
  })

  it('name the busiest hour, and none where nobody rang', () => {
    expect(busiest([row('8', 3, 3), row('9', 7, 1)])?.key).toBe('9')
    expect(busiest([row('8', 0, 0)])).toBe(null)
  })

  it('say on what they rest', () => {
    expect(marksOf({ ...row('', 3, 3), simulated: 2, by_hand: 1 })).toEqual(['simulated', 'by_hand'])
  })

  it('count days by the calendar of the site', () => {
    expect(dayBefore('2026-03-01', 1)).toBe('2026-02-28')
    expect(dayBefore('2024-03-01', 29)).toBe('2024-02-01')
    expect(dayAt(Date.parse('2026-03-14T17:00:00Z'), 'Asia/Shanghai')).toBe('2026-03-15')
  })
})
