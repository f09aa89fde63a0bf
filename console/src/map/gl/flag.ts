/** The flag at the lit door, lifted to its floor. */
import { Marker, type Map as GlMap } from 'maplibre-gl'

import type { Building, LngLat } from '@/api/places'

import { isPlace } from '../dots'
import { centroid, findEntrance, pixelsPerMetre } from '../geometry'
import type { Selected } from '../selection'
import { doorFlag } from './elements'

export function flagPlace(building: Building | null, selected: Selected | null): LngLat | null {
  if (!selected || !building) return null
  const entrance = findEntrance(building, selected.entrance)
  if (entrance?.footprint && entrance.footprint.length >= 3) return centroid(entrance.footprint)
  return isPlace(selected.lat, selected.lng) ? [selected.lng!, selected.lat!] : centroid(building.footprint)
}

export class DoorFlag {
  private marker: Marker | null = null
  private metres = 0

  constructor(private readonly map: GlMap) {}

  /** `metres` above the ground; without a place or a text there is no flag. */
  draw(place: LngLat | null, text: string, metres: number): void {
    this.marker?.remove()
    this.marker = null
    this.metres = metres
    if (!place || !text) return
    this.marker = new Marker({ element: doorFlag(text), anchor: 'bottom' }).setLngLat([place[0], place[1]]).addTo(this.map)
    this.lift()
  }

  /** Markers lie on the ground: the flag is lifted to its floor by what that height measures on the screen. */
  lift(): void {
    const { map } = this
    const pixels = this.metres * pixelsPerMetre(map.getZoom(), map.getCenter().lat) * Math.sin((map.getPitch() * Math.PI) / 180)
    this.marker?.setOffset([0, -pixels - 8])
  }
}

export function floorHeight(building: Building | null, selected: Selected | null): number {
  return (selected?.floor ?? building?.floors ?? 0) * (building?.floor_height_m ?? 3)
}
