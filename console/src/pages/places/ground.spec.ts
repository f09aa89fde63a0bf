import { expect, it } from 'vitest'

import { projectionAround } from '@/map/geometry'

import { boundsAround, boxOf, cellOf, covers, radiusOf } from './ground'

const projection = projectionAround([104, 40])
const size = { width: 800, height: 600 }
const view = { x: 0, y: 0, scale: 0.1 }

it('asks for somewhat more than is seen, so that a small move needs no question', () => {
  const box = boxOf(view, size, projection)
  expect(box.south).toBeLessThan(40 - 3_000 / 111_320)
  expect(covers(box, view, size, projection)).toBe(true)
  expect(covers(box, { ...view, x: 1_000 }, size, projection)).toBe(true)
  expect(covers(box, { ...view, x: 6_000 }, size, projection)).toBe(false)
  expect(covers(box, { ...view, scale: 0.2 }, size, projection)).toBe(false)
})

it('keeps its cells while one zooms a little, and within what the server takes', () => {
  expect(cellOf(0.1)).toBe(cellOf(0.11))
  expect(Number.isInteger(Math.log2(cellOf(1)))).toBe(true)
  expect([cellOf(1e9), cellOf(1e-9)]).toEqual([0.00001, 10])
  expect(boxOf({ x: 0, y: 0, scale: 0.00001 }, size, projection)).toMatchObject({ west: -180, north: 90 })
})

it('draws many homes larger than one, and none without bounds', () => {
  expect([1, 10, 1_000_000].map((homes) => radiusOf({ homes }))).toEqual([6, 9 + Math.log2(10) * 2.2, 26])
})

it('shows one community with some ground around it', () => {
  expect(boundsAround([{ lat: null, lng: null }])).toBeNull()
  expect(boundsAround([{ lat: 40, lng: 104 }])).toMatchObject({ west: 103.996, north: 40.004 })
})
