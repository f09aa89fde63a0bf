/** Lists that the centre rings by itself, and how far each has got. */
import { get, patch, post } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type CallOut = Schemas['CallOutView']
export type CallOutItem = Schemas['CallOutItemView']

export const fetchCallOuts = () => get<CallOut[]>('/hotline/lists')
export const fetchCallOutItems = (list: number) => get<CallOutItem[]>(`/hotline/lists/${list}/items`)
export const makeCallOut = (body: Schemas['CallOutBody']) => post<CallOut>('/hotline/lists', body)
export const letRing = (list: number, byVoice: boolean) => patch<CallOut>(`/hotline/lists/${list}`, { by_voice: byVoice })
