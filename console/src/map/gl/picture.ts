/** The aerial picture or plan of the region, under its roads. */
import type { CanvasSourceSpecification, ImageSourceSpecification, Map as GlMap } from 'maplibre-gl'

import { pictureAddress, type MapPicture } from '@/api/places'

const PICTURE = 'picture'
/** Which picture each map is to show: one that is still being drawn smaller may no longer be wanted. */
const wanted = new WeakMap<GlMap, MapPicture | null>()

/** `most`: pixels on a side that the graphics card takes in one piece; a larger picture would stay black. */
export function layPicture(map: GlMap, picture: MapPicture | null | undefined, most: number): void {
  wanted.set(map, picture ?? null)
  if (map.getLayer(PICTURE)) map.removeLayer(PICTURE)
  if (map.getSource(PICTURE)) map.removeSource(PICTURE)
  if (!picture) return
  if (Math.max(picture.width, picture.height) <= most) lay(map, picture, { type: 'image', url: pictureAddress(picture), coordinates: cornersOf(picture) })
  else void smaller(picture, most).then((canvas) => {
    if (wanted.get(map) === picture) lay(map, picture, { type: 'canvas', canvas, animate: false, coordinates: cornersOf(picture) })
  }, () => undefined) // the ground without it, as where it cannot be loaded
}

function lay(map: GlMap, picture: MapPicture, source: ImageSourceSpecification | CanvasSourceSpecification): void {
  map.addSource(PICTURE, source)
  map.addLayer({ id: PICTURE, type: 'raster', source: PICTURE, paint: { 'raster-opacity': picture.opacity, 'raster-fade-duration': 0 } }, 'road-edge')
}

type Corners = ImageSourceSpecification['coordinates']
const cornersOf = ({ corners }: MapPicture) => corners.map(([lng, lat]) => [lng, lat]) as Corners

/** The same picture on as many pixels as the card takes. */
async function smaller(picture: MapPicture, most: number): Promise<HTMLCanvasElement> {
  const image = new Image()
  image.src = pictureAddress(picture)
  await image.decode()
  const share = most / Math.max(picture.width, picture.height)
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: Math.max(1, Math.floor(picture.width * share)), height: Math.max(1, Math.floor(picture.height * share)) })
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
  return canvas
}
