/** Screens across the room, and what such a screen may read. */
import { get, patch, post, remove } from './http'
import type { RegionMap } from './places'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Screen = Schemas['WallScreenView']
export type Shows = Screen['shows']
export type NewCode = Schemas['NewCode']
export type Wall = Schemas['WallView']
export type Ground = Omit<Schemas['WallGround'], 'map'> & { map: RegionMap }

export const SHOWS: readonly Shows[] = ['building', 'address', 'names']

export const fetchScreens = () => get<Screen[]>('/walls')
export const addScreen = (name: string, region_id: number, shows: Shows) => post<NewCode>('/walls', { name, region_id, shows })
export const changeScreen = (id: number, changes: { shows: Shows }) => patch<Screen>(`/walls/${id}`, changes)
export const giveCode = (id: number) => post<NewCode>(`/walls/${id}/code`)
export const revokeScreen = (id: number) => remove<void>(`/walls/${id}`)
export const pairScreen = (code: string) => post<void>('/wall/pair', { code })
export const fetchWall = () => get<Wall>('/wall')
export const fetchGround = () => get<Ground>('/wall/ground')
