import type { Map as GlMap } from 'maplibre-gl'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { LngLat } from '@/api/places'
import { Graphics } from '@/testing/graphics'
import { fillBrowser } from '@/testing/pages'

import { Pace } from './pace'
import { LONGEST_FLIGHT_MS, SLOW_MS, Steering } from './steering'

const HOME: LngLat = [104, 40]
const ELSEWHERE: LngLat = [105, 41]
type Heard = { originalEvent?: Event }

/** A map of which only the middle is known: a degree is a pixel, and a flight lasts until it is told to end. */
class Ground {
  readonly element = { clientWidth: 800, clientHeight: 600 }
  canvas = { ...this.element }
  resizes = 0
  /** Where the camera looks, with the pixels that lie between that place and the middle. */
  at: { center: LngLat; offset: [number, number] } = { center: [0, 0], offset: [0, 0] }
  private towards = this.at
  flights = 0
  /** Between two frames of a flight. */
  moving = false
  private readonly handlers: [string, (event: Heard) => void][] = []

  on(name: string, handler: (event: Heard) => void): void {
    this.handlers.push([name, handler])
  }

  fire(name: string, event: Heard = {}): void {
    for (const [each, handler] of this.handlers) if (each === name) handler(event)
  }

  /** Whatever was under way is not stopped by it. */
  resize(): void {
    this.resizes += 1
    this.canvas = { ...this.element }
    if (!this.moving) this.fire('moveend')
  }

  stop(): void {
    if (this.moving) this.land(this.at)
  }

  flyTo(camera: Ground['at']): void {
    this.flights += 1
    this.moving = true
    this.towards = camera
  }

  /** The last frame of the flight. */
  land(where = this.towards): void {
    this.moving = false
    this.at = where
    this.fire('moveend')
  }

  easeTo(camera: Ground['at']): void {
    this.moving = false
    this.at = camera
    this.fire('moveend')
  }

  project([lng, lat]: LngLat): { x: number; y: number } {
    const { center, offset } = this.at
    const { clientWidth, clientHeight } = this.canvas
    return { x: clientWidth / 2 + offset[0] + lng - center[0], y: clientHeight / 2 + offset[1] + lat - center[1] }
  }

  isMoving = () => this.moving
  getContainer = () => this.element
  getCanvas = () => this.canvas
}

describe('the camera of the map', () => {
  let ground: Ground
  let camera: Steering
  let graphics: Graphics
  let stood: LngLat[]

  beforeEach(() => {
    fillBrowser()
    vi.stubGlobal('matchMedia', () => ({ matches: false }))
    vi.useFakeTimers()
    ground = new Ground()
    stood = []
    graphics = new Graphics()
    camera = new Steering(ground as unknown as GlMap, new Pace(graphics), () => stood.push(ground.at.center))
  })
  afterEach(() => void vi.useRealTimers())

  it('is where it was sent to after every change of size', () => {
    camera.go({ place: HOME, floors: 6 })
    ground.land()
    ground.at = { center: ELSEWHERE, offset: [0, 0] }
    ground.element.clientWidth = 500
    camera.fit()
    expect([ground.resizes, ground.at.center]).toEqual([1, HOME])
    camera.fit()
    expect(ground.resizes).toBe(1)
  })

  it('waits for no frame longer than a flight lasts', () => {
    camera.go({ place: HOME, floors: 6 })
    vi.advanceTimersByTime(LONGEST_FLIGHT_MS - 1)
    expect(ground.at.center).toEqual([0, 0])
    vi.advanceTimersByTime(1)
    expect(ground.at.center).toEqual(HOME)
    expect(stood.at(-1)).toEqual(HOME)
  })

  it('leaves a flight alone that has landed, and one that a hand has stopped', () => {
    camera.go({ place: HOME, floors: 6 })
    ground.land()
    expect(stood).toEqual([HOME])
    vi.advanceTimersByTime(2 * LONGEST_FLIGHT_MS)
    expect(stood).toEqual([HOME])
    camera.go({ place: ELSEWHERE, floors: 6 })
    ground.fire('move', { originalEvent: new Event('pointermove') })
    vi.advanceTimersByTime(2 * LONGEST_FLIGHT_MS)
    expect(ground.at.center).toEqual(HOME)
  })

  it('looks where a flight has ended, and corrects it', () => {
    camera.go({ place: HOME, floors: 6 })
    ground.moving = false
    ground.at = { center: [HOME[0] + 400, HOME[1]], offset: [0, 50] }
    ground.fire('moveend')
    expect(ground.at.center).toEqual(HOME)
    expect(ground.flights).toBe(1)
  })

  it('is left where a hand has put it, until it is sent again', () => {
    camera.go({ place: HOME, floors: 6 })
    ground.at = { center: ELSEWHERE, offset: [0, 0] }
    ground.fire('move', { originalEvent: new Event('pointermove') })
    ground.fire('moveend')
    ground.element.clientWidth = 500
    camera.fit()
    expect([camera.holds, ground.at.center]).toEqual([false, ELSEWHERE])
    expect(stood.at(-1)).toEqual(ELSEWHERE)
    camera.go({ place: HOME, floors: 6 })
    ground.land()
    expect(ground.at.center).toEqual(HOME)
  })

  it('asks nothing of graphics that are behind, and jumps to where the home will stand', () => {
    ground.element.clientWidth = 500
    ground.fire('render')
    graphics.busy = true
    camera.go({ place: HOME, floors: 6 })
    expect(stood).toEqual([])
    vi.advanceTimersByTime(SLOW_MS)
    expect([ground.resizes, ground.flights, stood]).toEqual([0, 0, [HOME]])
    expect(ground.project(HOME).x).toBe(250)
    graphics.busy = false
    vi.advanceTimersByTime(SLOW_MS)
    expect([ground.resizes, ground.flights, stood]).toEqual([1, 0, [HOME, HOME]])
    expect(ground.project(HOME).x).toBe(250)
  })

  it('goes to the last place that it was sent to meanwhile, and from a flight under way', () => {
    camera.go({ place: ELSEWHERE, floors: 6 })
    ground.fire('render')
    graphics.busy = true
    camera.go({ bounds: { west: 0, south: 0, east: 1, north: 1 } })
    expect(ground.moving).toBe(false)
    camera.go({ place: HOME, floors: 6 })
    camera.fit()
    graphics.busy = false
    vi.advanceTimersByTime(SLOW_MS - 1)
    ground.land()
    expect(stood).toEqual([HOME])
    expect(ground.flights).toBe(2)
  })

  it('does nothing more once it has ended', () => {
    ground.fire('render')
    graphics.busy = true
    camera.go({ place: HOME, floors: 6 })
    camera.end()
    graphics.busy = false
    vi.advanceTimersByTime(LONGEST_FLIGHT_MS)
    expect([ground.flights, stood]).toEqual([0, []])
  })
})
