/** What the map works on. The incident type is the part of `IncidentView` the map reads, so an `IncidentView` fits. */

export type LngLat = readonly [number, number]
export type Ring = readonly LngLat[]

/** `GET /api/v1/homes/dots`: one dot per home, no names. */
export interface HomeDot {
  home_id: number
  lat: number
  lng: number
  region_id: number
  label: string
}

export interface MapIncident {
  id: string
  number: number
  state: 'waiting' | 'taken' | 'following' | 'closed'
  signal_class: 'alarm' | 'technical' | 'service'
  region_id: number
  region_path: readonly number[]
  home_id?: number | null
  lat?: number | null
  lng?: number | null
  opened_at: string
  card?: { building: string; building_en: string; entrance: string; door: string }
}

/** The home whose profile is open. */
export interface Selected {
  homeId: number | null
  buildingId: number | null
  entrance: string
  floor: number | null
  door: string
  lat: number | null
  lng: number | null
  address: string
}

export interface Entrance {
  name: string
  position?: LngLat | null
  footprint?: Ring | null
}

export interface Building {
  id: number
  name: string
  name_en: string
  floors: number
  floor_height_m: number
  lift: boolean
  footprint: Ring
  entrances: readonly Entrance[]
}

export interface PointOfInterest {
  id: number
  kind: string
  name: string
  name_en: string
  lat: number
  lng: number
}

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

/** `GET /api/v1/regions/{id}/map` */
export interface RegionMap {
  basemap: Basemap | null
  buildings: readonly Building[]
  points: readonly PointOfInterest[]
}
