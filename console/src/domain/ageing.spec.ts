import { describe, expect, it } from 'vitest'

import { incident } from '@/testing/views'

import { ageOf } from './ageing'

const OPENED = Date.parse('2026-11-22T04:12:00Z')

describe('how old an alarm is', () => {
  it.each([
    [1, 14, 'fresh'], [1, 15, 'late'], [1, 29, 'late'], [1, 30, 'overdue'],
    [2, 29, 'fresh'], [2, 30, 'late'], [2, 60, 'overdue'],
    [3, 59, 'fresh'], [3, 60, 'late'], [3, 180, 'overdue'],
    [9, 180, 'overdue'],
  ])('priority %i after %i s is %s', (priority, seconds, age) => {
    expect(ageOf(incident({ priority, opened_at: '2026-11-22T04:12:00Z' }), OPENED + seconds * 1_000)).toBe(age)
  })

  it('is overdue when whoever is followed is to be called again', () => {
    const followed = incident({ state: 'following', taken_by: 1, follow_due_at: '2026-11-22T04:32:00Z' })
    expect([1_199, 1_200].map((seconds) => ageOf(followed, OPENED + seconds * 1_000))).toEqual(['fresh', 'overdue'])
  })

  it.each([[599, 'fresh'], [600, 'late'], [899, 'late'], [900, 'overdue']])('of a request to be called back by 04:22 is after %i s %s', (seconds, age) => {
    const request = incident({ signal_class: 'service', priority: 3, call_back_by: '2026-11-22T04:22:00Z' })
    expect(ageOf(request, OPENED + seconds * 1_000)).toBe(age)
    expect(ageOf({ ...request, mode: 'test' }, OPENED + seconds * 1_000)).toBe('fresh')
    expect(ageOf({ ...request, state: 'taken' }, OPENED + seconds * 1_000)).toBe('fresh')
  })

  it('does not age once somebody has taken it, nor where it rings nowhere', () => {
    const late = OPENED + 3_600_000
    expect(ageOf(incident({ state: 'taken', taken_by: 1 }), late)).toBe('fresh')
    expect(ageOf(incident({ signal_class: 'technical' }), late)).toBe('fresh')
  })
})
