import { expect, it } from 'vitest'

import type { Responsible } from '@/api/around'

import { inOrder, readable } from './duties'

const row = (id: number, duty: Responsible['duty'], staff_id: number, home_id: number | null = null) => ({ id, duty, staff_id, home_id }) as Responsible

it('tells who has the key of this home first, and nobody twice', () => {
  const rows = [row(1, 'grid_worker', 7), row(2, 'doctor', 8, 5), row(3, 'key_holder', 9, 5), row(4, 'grid_worker', 7)]
  expect(inOrder(rows).map(({ id }) => id)).toEqual([3, 2, 1])
})

it('shows languages in words that the reader can read', () => {
  expect([readable(['普通话', 'Mandarin'], true), readable(['普通话', 'Mandarin'], false)]).toEqual(['Mandarin', '普通话 Mandarin'])
})
