/** The canvas of the field between the ground of a map and what can be pressed on it; it takes no clicks itself. */
import type { LngLat } from '@/api/places'

import { nearestDot } from '../dots'
import { paint, type Point, type Scene } from './painting'
import { isSomewhere } from './people'

/** Pixels around a sign that still mean it. */
const REACH = 13

export interface Ground {
  width: number
  height: number
  project: (at: LngLat) => Point
}

export class FieldCanvas {
  private scene: Scene | null = null
  private ground: Ground | null = null

  constructor(readonly element: HTMLCanvasElement) {
    element.className = 'field-canvas'
    element.setAttribute('aria-hidden', 'true') // the list beside the map says it all
  }

  show(scene: Scene | null): void {
    if (!scene && !this.scene) return // nobody may see the field here
    this.scene = scene
    this.draw()
  }

  /** The map lies otherwise. */
  lie(ground: Ground): void {
    this.ground = ground
    if (this.scene) this.draw()
  }

  /** Whose sign is there; who is drawn on top comes first. */
  hit(point: Point): number | null {
    const { scene, ground } = this
    if (!scene || !ground) return null
    const found = nearestDot(scene.people.filter(isSomewhere), (person) => ground.project([person.lng, person.lat]), point, REACH * scene.enlarged)
    return found?.staff_id ?? null
  }

  private draw(): void {
    const { element, scene, ground } = this
    if (!ground) return
    const sharp = window.devicePixelRatio || 1
    const [width, height] = [Math.round(ground.width * sharp), Math.round(ground.height * sharp)]
    if (element.width !== width || element.height !== height) {
      element.width = width
      element.height = height
      element.style.width = `${ground.width}px`
      element.style.height = `${ground.height}px`
    }
    const pen = element.getContext('2d')
    if (!pen) return
    pen.setTransform(sharp, 0, 0, sharp, 0, 0)
    if (scene) paint(pen, ground, ground.project, scene)
    else pen.clearRect(0, 0, ground.width, ground.height)
  }
}
