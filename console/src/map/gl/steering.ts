/** Holds the camera of the 3D map at what it was sent to, whatever becomes of the map's size, until a hand takes it. */
import type { Map as GlMap } from 'maplibre-gl'

import type { LngLat } from '@/api/places'

import type { Bounds } from '../geometry'
import { FLIGHT_MS, goTo, missBy, showBounds } from './camera'

/** A home, or the whole community. `floors` of the building there; 0 where none is drawn. */
export type Target = { place: LngLat; floors: number } | { bounds: Bounds }

/** Pixels that a flight may miss its home by. */
const MISS = 3
const OVERVIEW_MS = 600
/** Milliseconds after which a flight that has not landed is ended: a PC that draws a frame a second would still be on its way. */
export const LONGEST_FLIGHT_MS = FLIGHT_MS + 300

export class Steering {
  /** Null while the map lies as somebody's hand has left it. */
  private target: Target | null = null
  private steering = false
  private patience: ReturnType<typeof setTimeout> | undefined

  /** `stands` is told of every end of a movement. */
  constructor(
    private readonly map: GlMap,
    private readonly stands: () => void = () => undefined,
  ) {
    map.on('resize', () => this.settle())
    map.on('moveend', () => this.arrive())
    map.on('move', (event) => {
      if (event.originalEvent) this.target = null
    })
  }

  /** To this place, from now on. The room around it may have changed in this very moment: that is measured first. */
  go(target: Target, animated = true): void {
    this.target = null
    this.map.resize()
    this.target = target
    this.steer(animated)
  }

  get holds(): boolean {
    return this.target !== null
  }

  /** Nothing is steered any more. */
  end(): void {
    clearTimeout(this.patience)
    this.target = null
  }

  private settle(): void {
    if (!this.steering) this.steer(this.map.isMoving())
  }

  /** Where a flight ends is looked at: a slow PC draws its last frame for a map that has another size by now. */
  private arrive(): void {
    if (this.steering) return
    clearTimeout(this.patience)
    const { target } = this
    if (target && 'place' in target && missBy(this.map, target.place, target.floors) > MISS) this.steer(false)
    else this.stands()
  }

  private steer(animated: boolean): void {
    if (!this.target || this.steering) return
    clearTimeout(this.patience)
    this.steering = true
    if ('place' in this.target) goTo(this.map, this.target.place, this.target.floors, animated)
    else showBounds(this.map, this.target.bounds, animated ? OVERVIEW_MS : 0)
    this.steering = false
    if (this.map.isMoving()) this.patience = setTimeout(() => this.steer(false), LONGEST_FLIGHT_MS)
    else this.stands()
  }
}
