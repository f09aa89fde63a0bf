/** What the flat map draws, as SVG paths in metres. Pure. */

import type { BaseFeature, LngLat, Ring } from '@/api/places'

import { COLOURS } from '../colours'
import type { ActiveDot } from '../dots'
import type { Metres, Projection } from '../geometry'

/** What part of the ground is on the screen: its middle in metres, and pixels per metre. */
export interface View {
  x: number
  y: number
  scale: number
}

export interface Size {
  width: number
  height: number
}

const MIN_SCALE = 0.02
const MAX_SCALE = 40

export function clampScale(scale: number): number {
  return Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale))
}

/** The view that shows a rectangle of metres with a margin in pixels. */
export function viewOf(corners: readonly [Metres, Metres], size: Size, margin: number): View {
  const [a, b] = corners
  const width = Math.max(1, Math.abs(b.x - a.x))
  const height = Math.max(1, Math.abs(b.y - a.y))
  const scale = Math.min((size.width - 2 * margin) / width, (size.height - 2 * margin) / height)
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, scale: clampScale(scale) }
}

/** Zooms around a point of the screen, which stays where it is. */
export function zoomAround(view: View, size: Size, point: Metres, factor: number): View {
  const scale = clampScale(view.scale * factor)
  const dx = (point.x - size.width / 2) * (1 / view.scale - 1 / scale)
  const dy = (point.y - size.height / 2) * (1 / view.scale - 1 / scale)
  return { x: view.x + dx, y: view.y + dy, scale }
}

export function toScreen(view: View, size: Size, point: Metres): Metres {
  return { x: (point.x - view.x) * view.scale + size.width / 2, y: (point.y - view.y) * view.scale + size.height / 2 }
}

export function viewBox(view: View, size: Size): string {
  const width = size.width / view.scale
  const height = size.height / view.scale
  return [view.x - width / 2, view.y - height / 2, width, height].map(short).join(' ')
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100)
}

export function ringPath(projection: Projection, ring: Ring): string {
  return `${linePath(projection, ring)}Z`
}

export function linePath(projection: Projection, line: readonly LngLat[]): string {
  return line
    .map((position, i) => {
      const { x, y } = projection.toMetres(position)
      return `${i === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`
    })
    .join('')
}

/** Lays an image of one by one on the ground: the matrix of an SVG transform, from three corners of its picture. */
export function pictureMatrix(projection: Projection, corners: readonly LngLat[]): string {
  const [upperLeft, upperRight, , lowerLeft] = corners.map((corner) => projection.toMetres(corner)) as [Metres, Metres, Metres, Metres]
  const along = (to: Metres) => [to.x - upperLeft.x, to.y - upperLeft.y]
  return `matrix(${[...along(upperRight), ...along(lowerLeft), upperLeft.x, upperLeft.y].map(short).join(' ')})`
}

/** Dots as one path of points without length, which round caps turn into discs: 10,000 of them are one element. */
export function dotsPath(projection: Projection, positions: readonly LngLat[]): string {
  return positions
    .map((position) => {
      const { x, y } = projection.toMetres(position)
      return `M${short(x)} ${short(y)}h0`
    })
    .join('')
}

export interface Stroke {
  key: string
  path: string
  colour: string
  /** Pixels. */
  width: number
}

/** The strokes that make a dot of each state, from below: full waiting, ringed taken, hollow following. */
const STROKES: Record<ActiveDot['state'], readonly (readonly [colour: string, width: number])[]> = {
  following: [[COLOURS.following, 20], [COLOURS.paper, 13]],
  taken: [[COLOURS.unit, 20], [COLOURS.paper, 13], [COLOURS.unit, 8]],
  waiting: [['#ffffff', 22], [COLOURS.waiting, 18]],
}

/** Alarms beyond those that are buttons, whoever waits on top: thousands of them are a handful of elements. */
export function crowdPaths(projection: Projection, dots: readonly ActiveDot[]): Stroke[] {
  return (Object.keys(STROKES) as ActiveDot['state'][]).flatMap((state) => {
    const path = dotsPath(projection, dots.filter((dot) => dot.state === state).map((dot) => dot.position))
    return path ? STROKES[state].map(([colour, width], at) => ({ key: `${state}${at}`, path, colour, width })) : []
  })
}

export interface Shape {
  kind: string
  path: string
  width: number
  feature: BaseFeature
}

/** Areas first, then lines, then points, as they lie on one another. */
export function shapesOf(projection: Projection, features: readonly BaseFeature[]): Shape[] {
  const order = ['Polygon', 'MultiPolygon', 'LineString', 'Point']
  return features
    .filter((feature) => feature.properties?.kind !== 'building')
    .map((feature) => ({ feature, rank: order.indexOf(feature.geometry.type) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ feature }) => shapeOf(projection, feature))
}

function shapeOf(projection: Projection, feature: BaseFeature): Shape {
  const { kind, width } = (feature.properties ?? {}) as { kind?: string; width?: number }
  return { kind: kind ?? '', path: pathOf(projection, feature.geometry), width: Number(width) || 6, feature }
}

function pathOf(projection: Projection, geometry: BaseFeature['geometry']): string {
  switch (geometry.type) {
    case 'Point':
      return dotsPath(projection, [geometry.coordinates])
    case 'LineString':
      return linePath(projection, geometry.coordinates)
    case 'Polygon':
      return geometry.coordinates.map((ring) => ringPath(projection, ring)).join('')
    case 'MultiPolygon':
      return geometry.coordinates.flat().map((ring) => ringPath(projection, ring)).join('')
  }
}

/** Grid lines about every 80 pixels, at round distances. */
export function gridOf(view: View, size: Size): { step: number; path: string } {
  const step = stepFor(80 / view.scale)
  const left = view.x - size.width / view.scale / 2
  const top = view.y - size.height / view.scale / 2
  const right = left + size.width / view.scale
  const bottom = top + size.height / view.scale
  const parts: string[] = []
  for (let x = Math.ceil(left / step) * step; x <= right; x += step) parts.push(`M${short(x)} ${short(top)}V${short(bottom)}`)
  for (let y = Math.ceil(top / step) * step; y <= bottom; y += step) parts.push(`M${short(left)} ${short(y)}H${short(right)}`)
  return { step, path: parts.join('') }
}

function stepFor(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres))
  return ([1, 2, 5, 10].find((factor) => factor * power >= metres) ?? 10) * power
}
