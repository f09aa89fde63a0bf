/** Points of interest as markers, their names thinned out where they would cover one another. */
import { Marker, type Map as GlMap } from 'maplibre-gl'

import type { PointOfInterest } from '@/api/places'
import type { Language } from '@/words'

import { isPlace } from '../dots'
import { crowded, nameWidth } from '../points'
import { pointElement, renamePoint } from './elements'

export class PointMarkers {
  private placed: { marker: Marker; element: HTMLElement; point: PointOfInterest }[] = []
  private language: Language = 'zh-CN'

  constructor(private readonly map: GlMap) {}

  draw(points: readonly PointOfInterest[], language: Language): void {
    this.language = language
    for (const { marker } of this.placed) marker.remove()
    this.placed = points.filter(({ lat, lng }) => isPlace(lat, lng)).map((point) => this.add(point))
    this.thin()
  }

  rename(language: Language): void {
    this.language = language
    for (const { element, point } of this.placed) renamePoint(element, this.nameOf(point))
    this.thin()
  }

  /** Names that would cover one another give way to the sign alone. */
  thin(): void {
    const places = this.placed.map(({ marker, point }) => ({ ...xy(this.map.project(marker.getLngLat())), width: nameWidth(this.nameOf(point)) }))
    crowded(places).forEach((bare, i) => this.placed[i]!.element.classList.toggle('point--bare', bare))
  }

  private add(point: PointOfInterest) {
    const element = pointElement(point.kind, this.nameOf(point))
    const marker = new Marker({ element, anchor: 'left', offset: [-10, 0] }).setLngLat([point.lng, point.lat]).addTo(this.map)
    element.setAttribute('aria-hidden', 'true')
    return { marker, element, point }
  }

  private nameOf(point: PointOfInterest): string {
    return this.language === 'en' ? point.name_en : point.name
  }
}

const xy = ({ x, y }: { x: number; y: number }) => ({ x, y })
