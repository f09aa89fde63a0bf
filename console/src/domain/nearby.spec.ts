import { expect, it } from 'vitest'

import { nearestOfEachKind } from './nearby'

it('keeps the nearest of every kind in the order of their distance', () => {
  const near = [{ kind: 'bus_stop', id: 1 }, { kind: 'aed', id: 2 }, { kind: 'bus_stop', id: 3 }, { kind: 'clinic', id: 4 }, { kind: 'aed', id: 5 }]
  expect(nearestOfEachKind(near).map(({ id }) => id)).toEqual([1, 2, 4])
})
