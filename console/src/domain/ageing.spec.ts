import { describe, expect, it } from 'vitest'

import { incident } from '@/testing/views'

import { ageOf, limitsOf, UNTOLD } from './ageing'

const OPENED = Date.parse('2026-11-22T04:12:00Z')
const limits = (warning_s: number, critical_s: number) => ({ warning_s, critical_s })
const ages = {
  standard: { 0: limits(60, 180), 1: limits(15, 30), 2: limits(30, 60) },
  regions: { 1: { 1: limits(20, 40) }, 2: { 0: limits(90, 200), 2: limits(10, 20) } },
}

describe('what a region says of its limits', () => {
  it.each([
    ['the standard where nobody says anything', [9], 1, limits(15, 30)],
    ['the standard of all others', [9], 7, limits(60, 180)],
    ['what is above', [1, 9], 1, limits(20, 40)],
    ['not what is above of another priority', [1, 9], 2, limits(30, 60)],
    ['what the nearest says of all before what is above', [1, 2], 1, limits(90, 200)],
    ['what the nearest says of this priority', [1, 2], 2, limits(10, 20)],
  ])('is %s', (_, path, priority, expected) => {
    expect(limitsOf(ages, path, priority)).toEqual(expected)
  })

  it('is strict until the server has said something', () => {
    expect(limitsOf(UNTOLD, [1], 2)).toEqual(limits(15, 30))
  })
})

describe('how old an alarm is', () => {
  it.each([
    [1, 14, 'fresh'], [1, 15, 'late'], [1, 29, 'late'], [1, 30, 'overdue'],
    [2, 29, 'fresh'], [2, 30, 'late'], [2, 60, 'overdue'],
    [3, 59, 'fresh'], [3, 60, 'late'], [3, 180, 'overdue'],
    [9, 180, 'overdue'],
  ])('priority %i after %i s is %s', (priority, seconds, age) => {
    const waiting = incident({ priority, opened_at: '2026-11-22T04:12:00Z', region_path: [9] })
    expect(ageOf(waiting, OPENED + seconds * 1_000, ages)).toBe(age)
  })

  it('is overdue when whoever is followed is to be called again', () => {
    const followed = incident({ state: 'following', taken_by: 1, follow_due_at: '2026-11-22T04:32:00Z' })
    expect([1_199, 1_200].map((seconds) => ageOf(followed, OPENED + seconds * 1_000, ages))).toEqual(['fresh', 'overdue'])
  })

  it.each([[599, 'fresh'], [600, 'late'], [899, 'late'], [900, 'overdue']])('of a request to be called back by 04:22 is after %i s %s', (seconds, age) => {
    const request = incident({ signal_class: 'service', priority: 3, call_back_by: '2026-11-22T04:22:00Z' })
    expect(ageOf(request, OPENED + seconds * 1_000, ages)).toBe(age)
    expect(ageOf({ ...request, mode: 'test' }, OPENED + seconds * 1_000, ages)).toBe('fresh')
    expect(ageOf({ ...request, state: 'taken' }, OPENED + seconds * 1_000, ages)).toBe('fresh')
  })

  it('does not age once somebody has taken it, nor where it rings nowhere', () => {
    const late = OPENED + 3_600_000
    expect(ageOf(incident({ state: 'taken', taken_by: 1 }), late, ages)).toBe('fresh')
    expect(ageOf(incident({ signal_class: 'technical' }), late, ages)).toBe('fresh')
  })
})
