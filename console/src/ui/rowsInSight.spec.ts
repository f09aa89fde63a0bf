import { expect, it } from 'vitest'

import { rowsInSight } from './rowsInSight'

const rows = [10, 20, 30, 40]

it.each([
  [0, 10, { first: 0, last: 1, before: 0, behind: 90 }],
  [10, 30, { first: 1, last: 2, before: 10, behind: 70 }],
  [15, 61, { first: 1, last: 4, before: 10, behind: 0 }],
  [-50, 0, { first: 0, last: 0, before: 0, behind: 100 }],
  [500, 600, { first: 4, last: 4, before: 100, behind: 0 }],
])('from %i to %i', (from, to, sight) => expect(rowsInSight(rows, from, to)).toEqual(sight))

it('leaves no room for what is not there', () => expect(rowsInSight([], 0, 100)).toEqual({ first: 0, last: 0, before: 0, behind: 0 }))
