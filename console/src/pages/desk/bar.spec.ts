import { describe, expect, it } from 'vitest'

import type { PersonDay } from '@/api/desk'

import { at, hoursOf, lanesOf, scaleOf, timeAt } from './bar'

const day = (tasks: [string, string][]): PersonDay => ({
  staff_id: 1, name: '何佳', phone: null, day: '2026-11-12', begins_at: '2026-11-11T16:00:00Z', ends_at: '2026-11-12T16:00:00Z', absent: false, shifts: [],
  tasks: tasks.map(([begins_at, ends_at]) => ({ begins_at, ends_at, way_minutes: null, overlaps: false, task: {} as never })),
})

describe('the bar of a day', () => {
  it('holds every task, from the earliest to the latest, and never leaves the day', () => {
    const one = day([['2026-11-11T17:00:00Z', '2026-11-11T18:00:00Z'], ['2026-11-12T14:00:00Z', '2026-11-12T18:00:00Z']])
    const scale = scaleOf(one)
    expect(scale.from).toBeLessThanOrEqual(Date.parse(one.tasks[0]!.begins_at))
    expect([scale.from >= Date.parse(one.begins_at), scale.to <= Date.parse(one.ends_at)]).toEqual([true, true])
    for (const each of one.tasks) expect(at(scale, each.begins_at)).toBeLessThanOrEqual(at(scale, each.ends_at))
  })

  it('of an empty day still shows the hours of work', () => {
    const scale = scaleOf(day([]))
    expect((scale.to - scale.from) / 3_600_000).toBeGreaterThanOrEqual(8)
    expect(hoursOf(scale).every((hour) => hour >= scale.from && hour <= scale.to)).toBe(true)
  })

  it('means a quarter of an hour wherever it is pressed', () => {
    const scale = scaleOf(day([]))
    for (const part of [0, 0.313, 0.5, 1]) expect(timeAt(scale, part) % 900_000).toBe(0)
    expect(at(scale, timeAt(scale, 0.5))).toBeCloseTo(50, 0)
  })

  it('lays what overlaps, or is too narrow to be read, one below the other', () => {
    expect(lanesOf([{ left: 0, width: 10 }, { left: 5, width: 10 }, { left: 20, width: 1 }, { left: 21, width: 1 }, { left: 40, width: 5 }], 8)).toEqual([0, 1, 0, 1, 0])
  })
})
