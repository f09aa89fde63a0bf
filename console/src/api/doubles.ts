/** Records that may be there twice, making them one, and undoing it. */
import { get, post } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Doubles = Schemas['Doubles']
export type ResidentPair = Schemas['ResidentPair']
export type HomePair = Schemas['HomePair']
export type Merging = Schemas['MergingView']
export type Subject = Schemas['MergeBody']['subject']

export const fetchDoubles = (regionId: number | null) => get<Doubles>('/doubles', { region_id: regionId })
export const fetchMerged = () => get<Merging[]>('/merges')
export const merge = (body: Schemas['MergeBody']) => post<Merging>('/merges', body)
export const undoMerge = (id: number) => post<Merging>(`/merges/${id}/undo`)
