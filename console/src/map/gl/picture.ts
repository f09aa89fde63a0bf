/** The aerial picture or plan of the region, under its roads. */
import type { Map as GlMap } from 'maplibre-gl'

import { pictureAddress, type MapPicture } from '@/api/places'

const PICTURE = 'picture'

export function layPicture(map: GlMap, picture: MapPicture | null | undefined): void {
  if (map.getLayer(PICTURE)) map.removeLayer(PICTURE)
  if (map.getSource(PICTURE)) map.removeSource(PICTURE)
  if (!picture) return
  const coordinates = picture.corners.map(([lng, lat]) => [lng, lat]) as [[number, number], [number, number], [number, number], [number, number]]
  map.addSource(PICTURE, { type: 'image', url: pictureAddress(picture), coordinates })
  map.addLayer({ id: PICTURE, type: 'raster', source: PICTURE, paint: { 'raster-opacity': picture.opacity, 'raster-fade-duration': 0 } }, 'road-edge')
}
