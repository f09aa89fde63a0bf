import { describe, expect, it } from 'vitest'

import type { Building, Ring } from '@/api/places'

import {
  boundsOfMap,
  centroid,
  entranceKey,
  findEntrance,
  pixelsPerMetre,
  projectionAround,
  roundLength,
  southOf,
  splitBuilding,
} from './geometry'

const square = (west: number, east: number): Ring => [[west, 0], [east, 0], [east, 1], [west, 1], [west, 0]]

const building = (over: Partial<Building> = {}): Building => ({
  id: 7,
  region_id: 6,
  estate: '',
  name: '7号楼',
  name_en: 'Building 7',
  floors: 6,
  floor_height_m: 3,
  lift: false,
  footprint: square(0, 3),
  entrances: [1, 2, 3].map((n) => ({ name: String(n), footprint: square(n - 1, n) })),
  ...over,
})

describe('a building with a known floor and entrance', () => {
  const slabs = splitBuilding(building(), '2单元', 5)

  it('keeps its body below and above the floor', () => {
    const body = slabs.filter((slab) => slab.part === 'body')
    expect(body.map(({ base, top }) => [base, top])).toEqual([[0, 12], [15, 18]])
  })

  it('lights the own entrance and marks the neighbours on the same floor', () => {
    const floor = slabs.filter((slab) => slab.part !== 'body')
    expect(floor.map((slab) => slab.part)).toEqual(['floor', 'unit', 'floor'])
    expect(floor.every(({ base, top }) => base === 12 && top === 15)).toBe(true)
    expect(floor[1]!.ring).toEqual(square(1, 2))
  })
})

it('leaves no empty slab on the ground floor or below the roof', () => {
  expect(splitBuilding(building(), '1', 1).filter((s) => s.part === 'body')).toHaveLength(1)
  expect(splitBuilding(building(), '1', 6).filter((s) => s.part === 'body')).toHaveLength(1)
})

it('lights an entrance over its full height when the floor is not known, or cannot be', () => {
  for (const floor of [null, 0, 7]) {
    const unit = splitBuilding(building(), '3', floor).find((slab) => slab.part === 'unit')
    expect(unit).toMatchObject({ base: 0, top: 18 })
  }
})

it('marks the floor of the whole building when the entrance is not known', () => {
  const parts = splitBuilding(building(), '9', 2).map((slab) => slab.part)
  expect(parts).toEqual(['body', 'body', 'floor'])
})

it('lights the whole floor where a building has no entrances drawn', () => {
  const parts = splitBuilding(building({ entrances: [] }), '', 2).map((slab) => slab.part)
  expect(parts).toEqual(['body', 'body', 'unit'])
})

it('closes rings that come open', () => {
  const open: Ring = [[0, 0], [1, 0], [1, 1]]
  const [slab] = splitBuilding(building({ footprint: open, entrances: [] }), '', null)
  expect(slab!.ring).toHaveLength(4)
  expect(slab!.ring[3]).toEqual([0, 0])
})

it('knows an entrance however it is written', () => {
  expect(['2', ' 2单元', '２', 'Entrance 2', 'unit 2'].map(entranceKey)).toEqual(['2', '2', '2', '2', '2'])
  expect(findEntrance(building(), '2 单元')?.name).toBe('2')
  expect(findEntrance(building(), '')).toBeNull()
})

it('projects to metres and back', () => {
  const projection = projectionAround([104, 40])
  const point = projection.toMetres([104.001, 40.001])
  expect(point.x).toBeCloseTo(85.28, 1)
  expect(point.y).toBeCloseTo(-111.32, 1)
  const [lng, lat] = projection.toLngLat(point)
  expect(lng).toBeCloseTo(104.001, 9)
  expect(lat).toBeCloseTo(40.001, 9)
})

it('finds the middle of a ring, whether closed or not, and of a line', () => {
  expect(centroid(square(0, 2))).toEqual([1, 0.5])
  expect(centroid([[0, 0], [2, 0], [2, 1], [0, 1]])).toEqual([1, 0.5])
  expect(centroid([[0, 0], [2, 0]])).toEqual([1, 0])
})

it('puts the name at the southern edge', () => {
  expect(southOf(square(0, 2))).toEqual([1, 0])
})

it('looks at the buildings first and at the homes where there are none', () => {
  const map = { basemap: null, points: [], buildings: [building()] }
  expect(boundsOfMap(map, [[50, 50]])).toEqual({ west: 0, south: 0, east: 3, north: 1 })
  expect(boundsOfMap(null, [[50, 50], [51, Number.NaN]])).toEqual({ west: 50, south: 50, east: 50, north: 50 })
  expect(boundsOfMap(null, [])).toBeNull()
})

it('makes round scale bars', () => {
  expect([0.7, 7, 33, 480, 999, 0].map(roundLength)).toEqual([0.5, 5, 20, 200, 500, 1])
})

it('knows how large a metre is on the screen', () => {
  expect(pixelsPerMetre(17, 40)).toBeCloseTo(2.186, 2)
  expect(pixelsPerMetre(18, 40) / pixelsPerMetre(17, 40)).toBeCloseTo(2, 9)
})
