/** What is being drawn before it is saved, and what a click on the sheet means. Pure; positions are [lng, lat]. */

import type { Body, Kind, Sheet, SheetArea, SheetBuilding, SheetPoint, SheetRoad } from '@/api/drawing'
import type { Entrance, LngLat } from '@/api/places'
import type { Metres, Projection } from '@/map/geometry'

/** What the next click does: choose a thing, add a corner of one, or add an entrance to the chosen building. */
export type Tool = 'choose' | Kind | 'entrance'

/** `corners` are those of an outline without the closing one, of a line, or the one place of a point. */
export interface Draft {
  kind: Kind
  id: number | null
  seen: string | null
  fields: Record<string, unknown>
  corners: LngLat[]
  entrances: Entrance[]
}

type Thing = SheetBuilding | SheetRoad | SheetArea | SheetPoint

const FIELDS: Record<Kind, Record<string, unknown>> = {
  building: { name: '', name_en: '', estate: '', floors: 6, floor_height_m: 3, lift: false },
  road: { name: '', name_en: '', width_m: 6 },
  area: { kind: 'green', name: '', name_en: '' },
  point: { kind: 'clinic', name: '', name_en: '', phone: '' },
}
export const LEAST: Record<Kind, number> = { building: 3, road: 2, area: 3, point: 1 }

/** What may do without a name: a piece of road, a patch of green. */
const NAMELESS: readonly Kind[] = ['road', 'area']
/** What is an outline, closed by its first corner. */
const OUTLINES: readonly Kind[] = ['building', 'area']

export const needsName = (kind: Kind) => !NAMELESS.includes(kind)
export const closes = (draft: Draft) => OUTLINES.includes(draft.kind) && draft.corners.length >= LEAST[draft.kind]

export function newDraft(kind: Kind): Draft {
  return { kind, id: null, seen: null, fields: { ...FIELDS[kind] }, corners: [], entrances: [] }
}

export function draftOf(kind: Kind, thing: Thing): Draft {
  const said = thing as unknown as Record<string, unknown>
  const fields = Object.fromEntries(Object.keys(FIELDS[kind]).map((key) => [key, said[key] ?? '']))
  const entrances = 'entrances' in thing ? thing.entrances.map((each) => ({ ...each })) : []
  return { kind, id: thing.id, seen: thing.mark, fields, corners: cornersOf(thing), entrances }
}

function cornersOf(thing: Thing): LngLat[] {
  if ('footprint' in thing) return thing.footprint.slice(0, -1).map(copy)
  if ('ring' in thing) return thing.ring.slice(0, -1).map(copy)
  if ('line' in thing) return thing.line.map(copy)
  return [[thing.lng, thing.lat]]
}

const copy = ([lng, lat]: LngLat): LngLat => [lng, lat]

/** Enough corners, and a name where one is needed. */
export function isWhole(draft: Draft): boolean {
  return draft.corners.length >= LEAST[draft.kind] && (!needsName(draft.kind) || String(draft.fields.name).trim() !== '')
}

export function bodyOf(draft: Draft): Body {
  const { kind, corners } = draft
  const seen = draft.seen === null ? {} : { seen: draft.seen }
  if (kind === 'building') return { ...draft.fields, ...seen, footprint: [...corners, corners[0]], entrances: draft.entrances }
  if (kind === 'area') return { ...draft.fields, ...seen, ring: [...corners, corners[0]] }
  if (kind === 'road') return { ...draft.fields, ...seen, line: corners }
  const [lng, lat] = corners[0]!
  return { ...draft.fields, ...seen, phone: String(draft.fields.phone).trim() || null, lng, lat }
}

/** One more corner; a point has only one. */
export function withCorner(draft: Draft, position: LngLat): Draft {
  const corner = rounded(position)
  return { ...draft, corners: draft.kind === 'point' ? [corner] : [...draft.corners, corner] }
}

export function withoutCorner(draft: Draft, at: number): Draft {
  return { ...draft, corners: draft.corners.filter((_, n) => n !== at) }
}

export function movedCorner(draft: Draft, at: number, position: LngLat): Draft {
  return { ...draft, corners: draft.corners.map((corner, n) => (n === at ? rounded(position) : corner)) }
}

/** The next entrance, with the number after the highest. */
export function withEntrance(draft: Draft, position: LngLat): Draft {
  const highest = Math.max(0, ...draft.entrances.map(({ name }) => Number(name) || 0))
  return { ...draft, entrances: [...draft.entrances, { name: String(highest + 1), position: rounded(position), footprint: null }] }
}

/** The whole thing so many metres to the east and to the north, its entrances with it. */
export function shifted(draft: Draft, projection: Projection, east: number, north: number): Draft {
  const move = (position: LngLat): LngLat => {
    const { x, y } = projection.toMetres(position)
    return rounded(projection.toLngLat({ x: x + east, y: y - north }))
  }
  const entrances = draft.entrances.map((each) => ({
    ...each,
    position: each.position ? move(each.position) : null,
    footprint: each.footprint?.map(move) ?? null,
  }))
  return { ...draft, corners: draft.corners.map(move), entrances }
}

/** To the centimetre. */
export function rounded([lng, lat]: LngLat): LngLat {
  return [Number(lng.toFixed(7)), Number(lat.toFixed(7))]
}

export interface Hit {
  kind: Kind
  id: number
}

/** What lies at a place of the screen, the smallest kind first; `reach` in pixels. */
export function hitOf(sheet: Sheet, place: Metres, toScreen: (position: LngLat) => Metres, reach: number): Hit | null {
  const far = (position: LngLat) => Math.hypot(toScreen(position).x - place.x, toScreen(position).y - place.y)
  const point = sheet.points.find((each) => far([each.lng, each.lat]) <= reach)
  if (point) return { kind: 'point', id: point.id }
  const building = sheet.buildings.find((each) => isInside(place, each.footprint.map(toScreen)))
  if (building) return { kind: 'building', id: building.id }
  const road = sheet.roads.find((each) => isAlong(place, each.line.map(toScreen), reach))
  if (road) return { kind: 'road', id: road.id }
  const area = sheet.areas.find((each) => isInside(place, each.ring.map(toScreen)))
  return area ? { kind: 'area', id: area.id } : null
}

function isInside({ x, y }: Metres, ring: readonly Metres[]): boolean {
  let inside = false
  for (let n = 1; n < ring.length; n += 1) {
    const [a, b] = [ring[n - 1]!, ring[n]!]
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) * (b.x - a.x)) / (b.y - a.y)) inside = !inside
  }
  return inside
}

function isAlong(place: Metres, line: readonly Metres[], reach: number): boolean {
  return line.some((b, n) => n > 0 && distance(place, line[n - 1]!, b) <= reach)
}

function distance(p: Metres, a: Metres, b: Metres): number {
  const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2
  const share = length ? Math.min(1, Math.max(0, ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / length)) : 0
  return Math.hypot(p.x - a.x - share * (b.x - a.x), p.y - a.y - share * (b.y - a.y))
}
