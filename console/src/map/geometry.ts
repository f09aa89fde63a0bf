/** Metres, degrees and the slabs of a building. Pure. */

import type { Building, Entrance, LngLat, RegionMap, Ring } from '@/api/places'

/** WGS-84 mean radius is near enough for one community: metres per degree of latitude. */
const METRES_PER_DEGREE = 111_320

export interface Metres {
  x: number
  y: number
}

export interface Projection {
  /** Metres east and south of the origin: y grows downwards, as on the screen. */
  toMetres(position: LngLat): Metres
  toLngLat(point: Metres): LngLat
}

/** Flat projection around `origin`; within 10 km its error is below a metre. */
export function projectionAround(origin: LngLat): Projection {
  const perDegreeEast = METRES_PER_DEGREE * Math.cos((origin[1] * Math.PI) / 180)
  return {
    toMetres: ([lng, lat]) => ({
      x: (lng - origin[0]) * perDegreeEast,
      y: (origin[1] - lat) * METRES_PER_DEGREE,
    }),
    toLngLat: ({ x, y }) => [origin[0] + x / perDegreeEast, origin[1] - y / METRES_PER_DEGREE],
  }
}

/** Area centroid of a ring; the mean of its corners where the area is nothing. */
export function centroid(ring: Ring): LngLat {
  const [ox, oy] = ring[0] ?? [0, 0]
  let area = 0
  let x = 0
  let y = 0
  for (let i = 0; i < ring.length; i += 1) {
    const [ax, ay] = relative(ring[i]!, ox, oy)
    const [bx, by] = relative(ring[(i + 1) % ring.length]!, ox, oy)
    const cross = ax * by - bx * ay
    area += cross
    x += (ax + bx) * cross
    y += (ay + by) * cross
  }
  if (area === 0) return meanOf(ring)
  return [ox + x / (3 * area), oy + y / (3 * area)]
}

function relative([x, y]: LngLat, ox: number, oy: number): LngLat {
  return [x - ox, y - oy]
}

function meanOf(ring: Ring): LngLat {
  const sum = ring.reduce<[number, number]>(([x, y], p) => [x + p[0], y + p[1]], [0, 0])
  const n = Math.max(1, ring.length)
  return [sum[0] / n, sum[1] / n]
}

/** Where the name of a building stands: on its southern edge, clear of the dots inside. */
export function southOf(ring: Ring): LngLat {
  const [x, y] = centroid(ring)
  let south = y
  for (let i = 0; i < ring.length; i += 1) {
    const [ax, ay] = ring[i]!
    const [bx, by] = ring[(i + 1) % ring.length]!
    if (ax === bx || Math.min(ax, bx) > x || Math.max(ax, bx) < x) continue
    south = Math.min(south, ay + ((by - ay) * (x - ax)) / (bx - ax))
  }
  return [x, south]
}

export interface Bounds {
  west: number
  south: number
  east: number
  north: number
}

export function boundsOf(positions: Iterable<LngLat>): Bounds | null {
  let bounds: Bounds | null = null
  for (const [lng, lat] of positions) {
    if (!Number.isFinite(lng) || !Number.isFinite(lat)) continue
    bounds ??= { west: lng, east: lng, south: lat, north: lat }
    bounds.west = Math.min(bounds.west, lng)
    bounds.east = Math.max(bounds.east, lng)
    bounds.south = Math.min(bounds.south, lat)
    bounds.north = Math.max(bounds.north, lat)
  }
  return bounds
}

/** What the first view shows: the buildings where there are any, else the picture, else the homes. */
export function boundsOfMap(map: RegionMap | null, homes: readonly LngLat[]): Bounds | null {
  const buildings = boundsOf((map?.buildings ?? []).flatMap((b) => [...b.footprint]))
  return buildings ?? boundsOf(map?.picture?.corners ?? homes)
}

const FAR_DEGREES = 0.05

/** Some kilometres beyond all that is drawn: nothing of the map would help to find it. */
export function isFarFrom(map: RegionMap | null, [lng, lat]: LngLat): boolean {
  const drawn = boundsOfMap(map, [])
  if (!drawn) return false
  const { west, east, south, north } = drawn
  return lng < west - FAR_DEGREES || lng > east + FAR_DEGREES || lat < south - FAR_DEGREES || lat > north + FAR_DEGREES
}

/** "2单元", " 2 " and "2" are the same entrance. */
export function entranceKey(name: string): string {
  return name.normalize('NFKC').replace(/单元|entrance|unit/giu, '').trim().toLowerCase()
}

export function findEntrance(building: Building, name: string): Entrance | null {
  const key = entranceKey(name)
  if (!key) return null
  return building.entrances.find((entrance) => entranceKey(entrance.name) === key) ?? null
}

export type SlabPart = 'body' | 'floor' | 'unit'

export interface Slab {
  part: SlabPart
  ring: Ring
  /** Metres above the ground. */
  base: number
  top: number
}

/**
 * Cuts a building into what lies below and above the floor, the floor itself by entrances, and the resident's entrance on
 * it: a slab drawn inside a full body would be hidden, and opacity is a property of a whole layer. Without a known floor
 * the resident's entrance is lit over its full height.
 */
export function splitBuilding(building: Building, entrance: string, floor: number | null): Slab[] {
  const height = heightOf(building)
  const own = findEntrance(building, entrance)
  const known = floor !== null && floor >= 1 && floor <= building.floors
  const base = known ? (floor - 1) * building.floor_height_m : 0
  const top = known ? floor * building.floor_height_m : height
  if (!known && !own?.footprint) return slabs([['body', building.footprint, 0, height]])
  const lit = building.entrances.filter((e) => e.footprint && e.footprint.length >= 3)
  const parts: [SlabPart, Ring, number, number][] = [
    ['body', building.footprint, 0, base],
    ['body', building.footprint, top, height],
  ]
  if (!own?.footprint || lit.length === 0) {
    parts.push([own || building.entrances.length < 2 ? 'unit' : 'floor', building.footprint, base, top])
  } else {
    for (const e of lit) parts.push([e === own ? 'unit' : known ? 'floor' : 'body', e.footprint!, base, top])
  }
  return slabs(parts)
}

function slabs(parts: readonly [SlabPart, Ring, number, number][]): Slab[] {
  return parts
    .filter(([, ring, base, top]) => ring.length >= 3 && top > base)
    .map(([part, ring, base, top]) => ({ part, ring: closed(ring), base, top }))
}

function closed(ring: Ring): Ring {
  const first = ring[0]!
  const last = ring[ring.length - 1]!
  return first[0] === last[0] && first[1] === last[1] ? ring : [...ring, first]
}

export function heightOf(building: Building): number {
  return Math.max(1, building.floors) * building.floor_height_m
}

/** Length for a scale bar: the largest 1, 2 or 5 times a power of ten that fits into `metres`. */
export function roundLength(metres: number): number {
  if (!(metres > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(metres))
  const step = [5, 2, 1].find((factor) => factor * power <= metres) ?? 1
  return step * power
}

/** Pixels per metre of the web-mercator map at `zoom` (512 px tiles), at the latitude of `lat`. */
export function pixelsPerMetre(zoom: number, lat: number): number {
  const circumference = 40_075_016.686
  return (512 * 2 ** zoom) / (circumference * Math.cos((lat * Math.PI) / 180))
}
