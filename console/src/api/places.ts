/** Dots and maps. The schema leaves shapes open; what the importer writes into them stands here. */
import { atServer } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type LngLat = readonly [number, number]
export type Ring = readonly LngLat[]

/** One dot per home, without names. */
export type HomeDot = Schemas['HomeDot']
export type PointOfInterest = Schemas['PointView']

export interface Entrance {
  name: string
  position?: LngLat | null
  footprint?: Ring | null
}

export type Building = Omit<Schemas['BuildingView'], 'footprint' | 'entrances'> & { footprint: Ring; entrances: readonly Entrance[] }

export interface BaseFeature {
  type: 'Feature'
  id?: string | number
  properties: Record<string, unknown> | null
  geometry:
    | { type: 'Point'; coordinates: LngLat }
    | { type: 'LineString'; coordinates: Ring }
    | { type: 'Polygon'; coordinates: readonly Ring[] }
    | { type: 'MultiPolygon'; coordinates: readonly (readonly Ring[])[] }
}

export interface Basemap {
  type: 'FeatureCollection'
  features: readonly BaseFeature[]
}

/** An aerial picture or a plan; its corners from the upper left round to the lower left. */
export type MapPicture = Omit<Schemas['PictureOnMap'], 'corners'> & { corners: readonly LngLat[] }

export type RegionMap = Omit<Schemas['MapView'], 'basemap' | 'picture' | 'buildings' | 'points'> & {
  basemap: Basemap | null
  picture?: MapPicture | null
  buildings: readonly Building[]
  points: readonly PointOfInterest[]
}

/** `mark` makes a new picture have a new address. */
export const pictureAddress = ({ region_id, mark }: Pick<MapPicture, 'region_id' | 'mark'>) => atServer(`/api/v1/regions/${region_id}/picture?mark=${mark}`)
