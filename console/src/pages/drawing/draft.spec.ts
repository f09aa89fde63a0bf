import { expect, it } from 'vitest'

import type { Sheet } from '@/api/drawing'
import type { LngLat } from '@/api/places'
import { projectionAround } from '@/map/geometry'

import { bodyOf, draftOf, hitOf, isWhole, movedCorner, newDraft, rounded, shifted, withCorner, withEntrance, withoutCorner } from './draft'

const RING: LngLat[] = [[104, 40], [104.001, 40], [104.001, 40.001], [104, 40.001], [104, 40]]
const building = {
  id: 7, mark: 'm7', region_id: 1, name: '7号楼', name_en: 'Building 7', estate: '', floors: 6, floor_height_m: 3, lift: false, footprint: RING,
  entrances: [{ name: '2', position: [104.0005, 40] as LngLat, footprint: null }], homes: 0, people: 0,
}
const road = { id: 3, mark: 'm3', region_id: 1, name: '', name_en: '', width_m: 6, line: [[104.002, 40], [104.002, 40.001]] as LngLat[] }
const point = { id: 5, mark: 'm5', region_id: 1, name: '药店', name_en: 'Pharmacy', kind: 'pharmacy', lat: 40.0005, lng: 104.0005, phone: null }
const area = { id: 2, mark: 'm2', region_id: 1, kind: 'water', name: '', name_en: '', ring: [[103.99, 39.99], [104.01, 39.99], [104.01, 40.01], [103.99, 39.99]] as LngLat[] }
const sheet: Sheet = { region_id: 1, buildings: [building], roads: [road], areas: [area], points: [point], picture: null, undo: null, redo: null }

it('gives back what stands, with the mark that was seen', () => {
  const { footprint, entrances, name, floors } = building
  expect(bodyOf(draftOf('building', building))).toMatchObject({ seen: 'm7', footprint, entrances, name, floors })
  expect(bodyOf(draftOf('road', road))).toMatchObject({ seen: 'm3', line: road.line, width_m: 6 })
  expect(bodyOf(draftOf('area', area))).toMatchObject({ seen: 'm2', kind: 'water', ring: area.ring })
  expect(bodyOf(draftOf('point', point))).toMatchObject({ seen: 'm5', kind: 'pharmacy', lat: 40.0005, lng: 104.0005, phone: null })
})

it('is whole with enough corners and a name', () => {
  let draft = { ...newDraft('building'), fields: { name: '8号楼' } }
  for (const corner of RING.slice(0, 2)) draft = { ...withCorner(draft, corner), fields: draft.fields }
  expect(isWhole(draft)).toBe(false)
  expect(isWhole(withCorner(draft, RING[2]!))).toBe(true)
  expect(isWhole({ ...withCorner(draft, RING[2]!), fields: { name: ' ' } })).toBe(false)
  expect(isWhole(draftOf('road', road))).toBe(true)
  expect(isWhole(draftOf('area', area))).toBe(true)
  expect(isWhole(withoutCorner(draftOf('area', area), 0))).toBe(false)
})

it('sets, moves and takes away corners; a point has one', () => {
  const at = withCorner(withCorner(newDraft('point'), [104, 40]), [104.5, 40])
  expect(at.corners).toEqual([[104.5, 40]])
  const draft = draftOf('road', road)
  expect(movedCorner(draft, 1, [104.00200001234, 41]).corners[1]).toEqual([104.002, 41])
  expect(withoutCorner(draft, 0).corners).toEqual([road.line[1]])
})

it('numbers a new entrance after the highest', () => {
  expect(withEntrance(draftOf('building', building), [104, 40]).entrances.map(({ name }) => name)).toEqual(['2', '3'])
})

it('moves a thing with its entrances by metres', () => {
  const projection = projectionAround([104, 40])
  const moved = shifted(draftOf('building', building), projection, 10, 20)
  const { x, y } = projection.toMetres(moved.corners[0]!)
  expect([Math.round(x), Math.round(y)]).toEqual([10, -20])
  expect(moved.entrances[0]!.position![1]).toBeGreaterThan(40)
  expect(shifted(moved, projection, -10, -20).corners).toEqual(draftOf('building', building).corners.map(rounded))
})

it('finds the point before the building around it, the building inside, the road beside', () => {
  const projection = projectionAround([104, 40])
  const hit = (position: LngLat) => hitOf(sheet, projection.toMetres(position), projection.toMetres, 5)
  expect(hit([104.0005, 40.0005])).toEqual({ kind: 'point', id: 5 })
  expect(hit([104.0002, 40.0002])).toEqual({ kind: 'building', id: 7 })
  expect(hit([104.00203, 40.0004])).toEqual({ kind: 'road', id: 3 })
  expect(hit([104.01, 40.0004])).toBeNull()
})
