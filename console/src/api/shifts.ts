/** On duty, off duty, and what is handed over. */
import { get, post } from './http'
import type { components } from './schema.gen'

export type ShiftView = components['schemas']['ShiftView']

/** Answers with the notes that are to be read now. */
export const beginShift = () => post<ShiftView[]>('/shifts/begin')
export const endShift = (note: string) => post<void>('/shifts/end', { note })
export const acknowledgeNote = (id: number) => post<void>(`/shifts/${id}/read`)

/** 100 of the regions one supervises, the newest first; `before`: the id of a shift that began later. */
export const fetchShifts = (before?: number) => get<ShiftView[]>('/shifts', { before })
