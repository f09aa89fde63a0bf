import { expect, it } from 'vitest'

import type { Region } from '@/api/records'

import { administered, levelBelow, mayLieIn } from './tree'

const region = (...path: number[]) => ({ id: path.at(-1)!, path }) as Region
const known = [region(1), region(1, 2), region(1, 2, 3), region(1, 4)]

it('draws what is administered, from its top on', () => {
  expect(administered(known, [2]).map(({ region: { id }, depth }) => [id, depth])).toEqual([[2, 0], [3, 1]])
  expect(administered(known, [])).toEqual([])
})

it('hangs nothing below itself', () => {
  expect(mayLieIn(known, known[1]!).map(({ id }) => id)).toEqual([1, 4])
})

it.each([['root', 'province'], ['street', 'community'], ['grid', 'grid']])('finds below a %s a %s', (above, below) => {
  expect(levelBelow(above)).toBe(below)
})
