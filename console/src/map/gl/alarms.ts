/** Alarms as buttons above the canvas: a new one redraws nothing of the map. */
import { Marker, type Map as GlMap } from 'maplibre-gl'

import type { ActiveDot } from '../dots'
import { alarmButton, dressAlarm } from './elements'

interface Placed {
  marker: Marker
  button: HTMLButtonElement
  dot: ActiveDot
}

export class AlarmButtons {
  private readonly placed = new Map<string, Placed>()

  constructor(
    private readonly map: GlMap,
    private readonly select: (homeId: number) => void,
  ) {}

  draw(dots: readonly ActiveDot[], nameOf: (dot: ActiveDot) => string, selectedHome: number | null): void {
    const wanted = new Set(dots.map((dot) => dot.key))
    for (const [key, { marker }] of this.placed) {
      if (wanted.has(key)) continue
      marker.remove()
      this.placed.delete(key)
    }
    for (const dot of dots) {
      const known = this.placed.get(dot.key) ?? this.add(dot)
      known.dot = dot
      known.marker.setLngLat([dot.position[0], dot.position[1]])
      dressAlarm(known.button, dot, nameOf(dot), dot.homeId !== null && dot.homeId === selectedHome)
    }
  }

  private add(dot: ActiveDot): Placed {
    const button = alarmButton(() => {
      const home = this.placed.get(dot.key)?.dot.homeId
      if (home != null) this.select(home)
    })
    const marker = new Marker({ element: button }).setLngLat([dot.position[0], dot.position[1]]).addTo(this.map)
    const placed = { marker, button, dot }
    this.placed.set(dot.key, placed)
    return placed
  }
}
