/** The sheet on which a region's map is drawn, and what is done to it. The schema leaves shapes open; they stand here. */
import { get, patch, post, put, remove } from './http'
import type { Entrance, LngLat, Ring } from './places'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type SheetBuilding = Omit<Schemas['BuildingOnSheet'], 'footprint' | 'entrances'> & { footprint: Ring; entrances: readonly Entrance[] }
export type SheetRoad = Omit<Schemas['RoadOnSheet'], 'line'> & { line: readonly LngLat[] }
export type SheetArea = Omit<Schemas['AreaOnSheet'], 'ring'> & { ring: Ring }
export type SheetPoint = Schemas['PointOnSheet']
export type Reference = Schemas['ReferenceBody']
export type SheetPicture = Omit<Schemas['PictureOnSheet'], 'points' | 'corners'> & { points: readonly Reference[]; corners: readonly LngLat[] | null }
export type Sheet = Omit<Schemas['Sheet'], 'buildings' | 'roads' | 'areas' | 'points' | 'picture'> & {
  buildings: readonly SheetBuilding[]
  roads: readonly SheetRoad[]
  areas: readonly SheetArea[]
  points: readonly SheetPoint[]
  picture: SheetPicture | null
}
export type DoorRule = Required<Schemas['RuleBody']>
export type Doors = Schemas['DoorsView']
export type TakenOver = Schemas['TakenOverView']
export type Kind = 'building' | 'road' | 'area' | 'point'

export const KINDS: readonly Kind[] = ['building', 'road', 'area', 'point']
export const POINT_KINDS: readonly Schemas['PointKind'][] = [
  'aed', 'clinic', 'hospital', 'pharmacy', 'station', 'day_station', 'community_office', 'police', 'fire_station', 'gate', 'key_box', 'hydrant', 'canteen', 'shop', 'unit',
  'bus_stop',
]
export const AREA_KINDS: readonly Schemas['AreaKind'][] = ['green', 'water']

/** What a thing is to be; `seen` is the mark that it had, for one that stands. */
export type Body = Record<string, unknown>

const at = (region: number, rest = '') => `/drawing/${region}${rest}`
const path = (region: number, kind: Kind, id: number) => at(region, `/${kind}s/${id}`)

export const fetchSheet = (region: number) => get<Sheet>(at(region))
export const addThing = (region: number, kind: Kind, body: Body) => post<{ id: number }>(at(region, `/${kind}s`), body)
export const changeThing = (region: number, kind: Kind, id: number, body: Body) => put<void>(path(region, kind, id), body)
export const eraseThing = (region: number, kind: Kind, id: number, seen: string) => remove<void>(`${path(region, kind, id)}?seen=${seen}`)
export const previewDoors = (region: number, building: number, rule: DoorRule) => post<Doors>(at(region, `/buildings/${building}/doors/preview`), rule)
export const makeDoors = (region: number, building: number, rule: DoorRule) => post<Doors>(at(region, `/buildings/${building}/doors`), rule)
export const goBack = (region: number, way: 'undo' | 'redo', step: number) => post<void>(at(region, `/${way}`), { step })
export const exportMap = (region: number) => get<unknown>(at(region, '/geojson'))
export const importMap = (region: number, collection: unknown, dry_run: boolean) => post<TakenOver>(at(region, '/geojson'), { collection, dry_run })
export const fixPicture = (region: number, points: readonly Reference[], opacity: number) => patch<SheetPicture>(at(region, '/picture'), { points, opacity })
export const removePicture = (region: number) => remove<void>(at(region, '/picture'))

export function placePicture(region: number, file: File): Promise<SheetPicture> {
  const form = new FormData()
  form.append('file', file)
  return put<SheetPicture>(at(region, '/picture'), form)
}
