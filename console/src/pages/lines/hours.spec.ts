import { describe, expect, it } from 'vitest'

import { daysText, readHours, writeHours } from './hours'

const name = (day: number) => ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][day]!

describe('hours of a line', () => {
  it('are read and written as they are kept', () => {
    const kept = [['12345', '08:00', '18:00'], ['7', '09:00', '00:00']]
    expect(writeHours(readHours(kept))).toEqual([{ weekdays: '12345', from: '08:00', until: '18:00' }, { weekdays: '7', from: '09:00', until: '00:00' }])
  })

  it('without a day are none', () => {
    expect(writeHours([{ weekdays: [], from: '08:00', until: '18:00' }])).toEqual([])
  })

  it('say days that follow each other as a stretch', () => {
    expect(daysText([5, 1, 2, 3, 4, 7], name)).toBe('Mon–Fri, Sun')
    expect(daysText([6, 7], name)).toBe('Sat, Sun')
  })
})
