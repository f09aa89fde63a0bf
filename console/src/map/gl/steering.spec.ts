import type { Map as GlMap } from 'maplibre-gl'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { LngLat } from '@/api/places'
import { fillBrowser } from '@/testing/pages'

import { Steering } from './steering'

const HOME: LngLat = [104, 40]
const ELSEWHERE: LngLat = [105, 41]
type Heard = { originalEvent?: Event }

/** A map of which only the middle is known: a degree is a pixel, and a flight lasts until it is told to end. */
class Ground {
  readonly element = { clientWidth: 800, clientHeight: 600 }
  /** Where the camera looks, with the pixels that lie between that place and the middle. */
  at: { center: LngLat; offset: [number, number] } = { center: [0, 0], offset: [0, 0] }
  flights = 0
  private readonly handlers: [string, (event: Heard) => void][] = []

  on(name: string, handler: (event: Heard) => void): void {
    this.handlers.push([name, handler])
  }

  fire(name: string, event: Heard = {}): void {
    for (const [each, handler] of this.handlers) if (each === name) handler(event)
  }

  resize(): void {
    this.fire('resize')
  }

  flyTo(camera: Ground['at']): void {
    this.flights += 1
    this.at = camera
  }

  easeTo(camera: Ground['at']): void {
    this.at = camera
    this.fire('moveend')
  }

  project([lng, lat]: LngLat): { x: number; y: number } {
    const { center, offset } = this.at
    return { x: 400 + offset[0] + lng - center[0], y: 300 + offset[1] + lat - center[1] }
  }

  isMoving = () => false
  getContainer = () => this.element
}

describe('the camera of the map', () => {
  let ground: Ground
  let camera: Steering

  beforeEach(() => {
    fillBrowser()
    vi.stubGlobal('matchMedia', () => ({ matches: false }))
    ground = new Ground()
    camera = new Steering(ground as unknown as GlMap)
  })

  it('is where it was sent to after every change of size', () => {
    camera.go({ place: HOME, floors: 6 })
    ground.at = { center: ELSEWHERE, offset: [0, 0] }
    ground.resize()
    expect(ground.at.center).toEqual(HOME)
  })

  it('looks where a flight has ended, and corrects it', () => {
    camera.go({ place: HOME, floors: 6 })
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
    ground.resize()
    expect([camera.holds, ground.at.center]).toEqual([false, ELSEWHERE])
    camera.go({ place: HOME, floors: 6 })
    expect(ground.at.center).toEqual(HOME)
  })
})
