import { expect, it } from 'vitest'

import { incident } from '@/testing/views'

import { ageOf } from './ageing'

const OPENED = Date.parse('2026-11-22T04:12:00Z')
const DUE = '2026-11-22T04:32:00Z'

it.each([
  [{}, 15, 'fresh'],
  [{}, 16, 'ageing'],
  [{}, 60, 'ageing'],
  [{}, 61, 'late'],
  [{ state: 'taken' }, 600, 'fresh'],
  [{ signal_class: 'technical' }, 600, 'fresh'],
  [{ state: 'following', follow_due_at: DUE }, 1_199, 'fresh'],
  [{ state: 'following', follow_due_at: DUE }, 1_200, 'late'],
  [{ state: 'closed', follow_due_at: DUE }, 1_300, 'fresh'],
] as const)('%o is after %i s %s', (parts, seconds, age) => {
  expect(ageOf(incident(parts), OPENED + seconds * 1_000)).toBe(age)
})
