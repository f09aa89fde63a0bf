/** Where the camera of the 3D map stands: at the home whose profile is open, or over the whole community. */
import type { Map as GlMap } from 'maplibre-gl'

import type { LngLat } from '@/api/places'

import type { Bounds } from '../geometry'

const OVERVIEW = { pitch: 45, bearing: -14 }
/** Pixels kept free around the community; more at the top, where towers rise. */
const MARGIN = { top: 70, side: 26, bottom: 26 }
export const FLIGHT_MS = 900
/** Taller than this a building needs a step back, in floors. */
const TALL = 12

export const isStill = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches

/** `floors` of the building there; 0 where none is drawn. */
export function goTo(map: GlMap, place: LngLat, floors: number, animated: boolean): void {
  const tall = floors > TALL
  const camera = { center: [place[0], place[1]] as [number, number], zoom: tall ? 17.2 : 17.7, pitch: 58, bearing: -24 }
  const offset = fromMiddle(map, floors)
  if (isStill() || !animated) map.easeTo({ ...camera, offset, duration: 0, essential: true })
  else map.flyTo({ ...camera, offset, duration: FLIGHT_MS, essential: true })
}

/** Below the middle, so that the building stands above its dot; in a low map no lower than a quarter of it. */
function offsetOf(map: GlMap, floors: number): [number, number] {
  return [0, Math.min(floors > TALL ? 110 : 50, map.getContainer().clientHeight / 4)]
}

/** The same seen from the middle of the canvas, which keeps its old size while the graphics are behind. */
function fromMiddle(map: GlMap, floors: number): [number, number] {
  const [room, drawn] = [map.getContainer(), map.getCanvas()]
  const [right, down] = offsetOf(map, floors)
  return [right + (room.clientWidth - drawn.clientWidth) / 2, down + (room.clientHeight - drawn.clientHeight) / 2]
}

/** Pixels between where a home stands on the screen and where `goTo` puts it. */
export function missBy(map: GlMap, place: LngLat, floors: number): number {
  const { clientWidth, clientHeight } = map.getContainer()
  const [right, down] = offsetOf(map, floors)
  const { x, y } = map.project([place[0], place[1]])
  return Math.hypot(x - clientWidth / 2 - right, y - clientHeight / 2 - down)
}

/** The whole community; `duration` in milliseconds. */
export function showBounds(map: GlMap, bounds: Bounds, duration: number): void {
  const before = { center: map.getCenter(), zoom: map.getZoom(), pitch: map.getPitch(), bearing: map.getBearing() }
  const after = fitTilted(map, bounds)
  if (isStill() || !duration) return
  map.jumpTo(before)
  map.easeTo({ ...after, duration, essential: true })
}

/** A tilted camera sees the near edge larger than the flat fit knows: aim, measure on the screen, aim again. */
function fitTilted(map: GlMap, bounds: Bounds) {
  map.jumpTo({ ...map.cameraForBounds([bounds.west, bounds.south, bounds.east, bounds.north], { bearing: OVERVIEW.bearing }), ...OVERVIEW })
  for (let turn = 0; turn < 3; turn += 1) {
    const seen = onScreen(map, bounds)
    const { clientWidth: width, clientHeight: height } = map.getContainer()
    const factor = Math.min((width - 2 * MARGIN.side) / (seen.right - seen.left), (height - MARGIN.top - MARGIN.bottom) / (seen.bottom - seen.top))
    if (!(factor > 0) || !Number.isFinite(factor)) break
    const middle: [number, number] = [(seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2 - (MARGIN.top - MARGIN.bottom) / 2 / Math.max(0.1, factor)]
    map.jumpTo({ center: map.unproject(middle), zoom: Math.min(17.5, map.getZoom() + Math.log2(factor)) })
  }
  return { center: map.getCenter(), zoom: map.getZoom(), ...OVERVIEW }
}

function onScreen(map: GlMap, { west, south, east, north }: Bounds) {
  const corners: [number, number][] = [[west, south], [east, south], [east, north], [west, north]]
  const places = corners.map((corner) => map.project(corner))
  const xs = places.map((place) => place.x)
  const ys = places.map((place) => place.y)
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
}
