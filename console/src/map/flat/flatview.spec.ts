import { describe, expect, it } from 'vitest'

import type { BaseFeature } from '@/api/places'

import { projectionAround } from '../geometry'
import { dotsPath, gridOf, pictureMatrix, shapesOf, toScreen, viewBox, viewOf, zoomAround } from './flatview'

const size = { width: 400, height: 200 }
const projection = projectionAround([104, 40])

describe('the view', () => {
  it('fits what it shall show, with a margin', () => {
    expect(viewOf([{ x: -50, y: -20 }, { x: 50, y: 20 }], size, 20)).toEqual({ x: 0, y: 0, scale: 3.6 })
  })

  it('keeps the point under the pointer while zooming', () => {
    const view = { x: 10, y: 5, scale: 2 }
    const pointer = { x: 300, y: 40 }
    const ground = { x: view.x + (pointer.x - 200) / 2, y: view.y + (pointer.y - 100) / 2 }
    const after = toScreen(zoomAround(view, size, pointer, 1.7), size, ground)
    expect(after.x).toBeCloseTo(pointer.x, 9)
    expect(after.y).toBeCloseTo(pointer.y, 9)
  })

  it('stops zooming at both ends', () => {
    const view = { x: 0, y: 0, scale: 1 }
    expect(zoomAround(view, size, { x: 0, y: 0 }, 1e9).scale).toBe(40)
    expect(zoomAround(view, size, { x: 0, y: 0 }, 1e-9).scale).toBe(0.02)
  })

  it('is the view box of the drawing', () => {
    expect(viewBox({ x: 10, y: 20, scale: 2 }, size)).toBe('-90 -30 200 100')
  })
})

it('draws ten thousand homes as one path', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => [104 + i / 1e6, 40] as const)
  const path = dotsPath(projection, many)
  expect(path.startsWith('M0 0h0M0.09 0h0')).toBe(true)
  expect(path.split('M')).toHaveLength(10_001)
})

it('draws areas below roads below points, and leaves buildings to the register', () => {
  const feature = (kind: string, geometry: BaseFeature['geometry']): BaseFeature => ({ type: 'Feature', properties: { kind }, geometry })
  const ring = [[104, 40], [104.001, 40], [104.001, 40.001], [104, 40]] as const
  const shapes = shapesOf(projection, [
    feature('tree', { type: 'Point', coordinates: [104, 40] }),
    feature('road', { type: 'LineString', coordinates: [[104, 40], [104.001, 40]] }),
    feature('building', { type: 'Polygon', coordinates: [ring] }),
    feature('green', { type: 'MultiPolygon', coordinates: [[ring], [ring]] }),
    feature('ground', { type: 'Polygon', coordinates: [ring] }),
  ])
  expect(shapes.map((shape) => shape.kind)).toEqual(['ground', 'green', 'road', 'tree'])
  expect(shapes[1]!.path.match(/Z/g)).toHaveLength(2)
})

it('rules a grid at round distances', () => {
  const { step, path } = gridOf({ x: 0, y: 0, scale: 2 }, size)
  expect(step).toBe(50)
  expect(path).toContain('M50 -50V50')
  expect(path).toContain('M-100 0H100')
})

it('lays a picture by its corners, turned as they are', () => {
  const corner = (x: number, y: number) => projection.toLngLat({ x, y })
  expect(pictureMatrix(projection, [corner(1, 2), corner(101, 52), corner(51, 152), corner(-49, 102)])).toBe('matrix(100 50 -50 100 1 2)')
})
