/** Which part of the ground is asked for, and how large a dot is. Pure. */
import type { Box, Dot } from '@/api/communities'
import type { Size, View } from '@/map/flat/flatview'
import type { Bounds, Projection } from '@/map/geometry'

const METRES_PER_DEGREE = 111_320
/** Pixels in which homes become one dot, before the cell is rounded up to a power of two: its grid stands still while one zooms. */
const CELL_PX = 34
/** A screen further than what is seen: moving a little needs no new question. */
const AROUND = 0.35
const FINEST_CELL = 0.00001

export function boxOf(view: View, size: Size, projection: Projection): Box {
  const halves = { x: (size.width / view.scale) * (0.5 + AROUND), y: (size.height / view.scale) * (0.5 + AROUND) }
  const [west, north] = projection.toLngLat({ x: view.x - halves.x, y: view.y - halves.y })
  const [east, south] = projection.toLngLat({ x: view.x + halves.x, y: view.y + halves.y })
  return { west: clamp(west, 180), east: clamp(east, 180), south: clamp(south, 90), north: clamp(north, 90), cell: cellOf(view.scale) }
}

/** Degrees of latitude. */
export function cellOf(scale: number): number {
  const wanted = CELL_PX / scale / METRES_PER_DEGREE
  return Math.min(10, Math.max(FINEST_CELL, 2 ** Math.ceil(Math.log2(wanted))))
}

const clamp = (degrees: number, most: number) => Math.min(most, Math.max(-most, degrees))

/** Whether the dots that were told still cover what is seen. */
export function covers(told: Box, view: View, size: Size, projection: Projection): boolean {
  if (told.cell !== cellOf(view.scale)) return false
  const [west, north] = projection.toLngLat({ x: view.x - size.width / view.scale / 2, y: view.y - size.height / view.scale / 2 })
  const [east, south] = projection.toLngLat({ x: view.x + size.width / view.scale / 2, y: view.y + size.height / view.scale / 2 })
  return told.west <= west && told.east >= east && told.south <= south && told.north >= north
}

/** Pixels: a hundred homes are not a hundred times as large. */
export function radiusOf(dot: Pick<Dot, 'homes'>): number {
  return dot.homes === 1 ? 6 : Math.min(26, 9 + Math.log2(dot.homes) * 2.2)
}

/** Around the communities, wide enough that one alone is seen as well. */
export function boundsAround(places: readonly { lat: number | null; lng: number | null }[]): Bounds | null {
  const placed = places.filter((each): each is { lat: number; lng: number } => each.lat !== null && each.lng !== null)
  if (!placed.length) return null
  const lats = placed.map(({ lat }) => lat)
  const lngs = placed.map(({ lng }) => lng)
  const margin = 0.004
  return { west: Math.min(...lngs) - margin, east: Math.max(...lngs) + margin, south: Math.min(...lats) - margin, north: Math.max(...lats) + margin }
}
