/** Records that may be there twice, making them one, and undoing it. */
import { get, post } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Doubles = Schemas['Doubles']
export type ResidentPair = Schemas['ResidentPair']
export type HomePair = Schemas['HomePair']
export type Merging = Schemas['MergingView']
export type Apart = Schemas['ApartView']
export type Subject = Schemas['MergeBody']['subject']

export const fetchDoubles = (regionId: number | null) => get<Doubles>('/doubles', { region_id: regionId })
export const fetchApart = () => get<Apart[]>('/doubles/apart')
export const keepApart = (subject: Subject, one_id: number, other_id: number) => post<Apart>('/doubles/apart', { subject, one_id, other_id })
export const proposeAgain = (id: number) => post<Apart>(`/doubles/apart/${id}/undo`)
export const fetchMerged = () => get<Merging[]>('/merges')
export const merge = (body: Schemas['MergeBody']) => post<Merging>('/merges', body)
export const undoMerge = (id: number) => post<Merging>(`/merges/${id}/undo`)
