/** The tree of regions, as administrators keep it. */
import { get, patch, post, remove } from './http'
import type { Region } from './records'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type RegionChanges = Schemas['RegionChanges']
export type NewRegion = Schemas['RegionBody']
export type Code = Schemas['CodeView']
export type Level = Schemas['RegionLevel']

export const fetchRegions = () => get<Region[]>('/regions')
export const addRegion = (region: NewRegion) => post<Region>('/regions', region)
export const changeRegion = (id: number, changes: RegionChanges) => patch<Region>(`/regions/${id}`, changes)
export const withdrawCode = (id: number) => remove(`/regions/${id}/codes/to-come`)
export const fetchCodes = (id: number) => get<Code[]>(`/regions/${id}/codes`)
