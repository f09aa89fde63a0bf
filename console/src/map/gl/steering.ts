/** Holds the camera of the 3D map at what it was sent to, whatever becomes of the map's size, until a hand takes it. */
import type { Map as GlMap } from 'maplibre-gl'

import type { LngLat } from '@/api/places'

import type { Bounds } from '../geometry'
import { FLIGHT_MS, goTo, missBy, showBounds } from './camera'
import type { Pace } from './pace'

/** A home, or the whole community. `floors` of the building there; 0 where none is drawn. */
export type Target = { place: LngLat; floors: number } | { bounds: Bounds }

/** Pixels that a flight may miss its home by. */
const MISS = 3
const OVERVIEW_MS = 600
/** Milliseconds after which a flight that has not landed is ended: a PC that draws a frame a second would still be on its way. */
export const LONGEST_FLIGHT_MS = FLIGHT_MS + 300
/** Milliseconds that the graphics may be behind. Then there is no flight, whose frames would come on top: the camera jumps, at once. */
export const SLOW_MS = 100

export class Steering {
  /** Null while the map lies as somebody's hand has left it. */
  private target: Target | null = null
  private animated = false
  /** The room around the map may have changed, and is taken once the graphics are free for it. */
  private waiting = false
  private steering = false
  private patience: ReturnType<typeof setTimeout> | undefined
  private size: string

  /** The map must leave its size to this. `stands` is told of every end of a movement. */
  constructor(
    private readonly map: GlMap,
    private readonly pace: Pace,
    private readonly stands: () => void = () => undefined,
  ) {
    this.size = this.room()
    map.on('render', () => pace.drew())
    map.on('moveend', () => this.arrive())
    map.on('move', (event) => {
      if (event.originalEvent) this.target = null
    })
  }

  /** To this place, from now on. The room around it may have changed in this very moment: that is measured first. */
  go(target: Target, animated = true): void {
    this.target = target
    this.animated = animated
    this.fitWhenFree()
    if (this.waiting) this.map.stop()
  }

  /** The room around the map has changed, or may have. */
  fit(): void {
    if (this.waiting || this.room() === this.size) return
    this.animated = this.map.isMoving()
    this.fitWhenFree()
  }

  get holds(): boolean {
    return this.target !== null
  }

  /** Nothing is steered any more. */
  end(): void {
    clearTimeout(this.patience)
    this.pace.forget()
    this.target = null
  }

  private fitWhenFree(): void {
    clearTimeout(this.patience)
    this.waiting = true
    this.pace.whenDone((waitedMs) => {
      this.waiting = false
      this.resize()
      this.steer(this.animated && waitedMs < SLOW_MS)
    })
    if (this.waiting) this.patience = setTimeout(() => this.steer(false), SLOW_MS)
  }

  private resize(): void {
    const room = this.room()
    if (room === this.size) return
    this.size = room
    this.steering = true
    this.map.resize()
    this.steering = false
  }

  private room(): string {
    const { clientWidth, clientHeight } = this.map.getContainer()
    return `${clientWidth} ${clientHeight}`
  }

  /** Where a flight ends is looked at: a slow PC draws its last frame for a map that has another size by now. */
  private arrive(): void {
    if (this.steering || this.waiting) return
    clearTimeout(this.patience)
    const { target } = this
    if (target && 'place' in target && missBy(this.map, target.place, target.floors) > MISS) this.steer(false)
    else this.stands()
  }

  private steer(animated: boolean): void {
    clearTimeout(this.patience)
    this.steering = true
    if (this.target && 'place' in this.target) goTo(this.map, this.target.place, this.target.floors, animated)
    else if (this.target) showBounds(this.map, this.target.bounds, animated ? OVERVIEW_MS : 0)
    this.steering = false
    if (this.target && this.map.isMoving()) this.patience = setTimeout(() => this.steer(false), LONGEST_FLIGHT_MS)
    else this.stands()
  }
}
