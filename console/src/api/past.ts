/** The past of one resident, and its corrections: rows are taken back with a reason, and others put in. */
import { get, post } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Past = Schemas['PastView']
export type Stay = Schemas['ResidenceView']
export type Fact = Schemas['FactView']
export type Event = Schemas['EventView']
export type EventKind = Schemas['EventKind']
export type FactKind = Schemas['FactKind']

/** What of it is corrected. */
export type Kept = 'facts' | 'events'

export interface Correction {
  reason: string
  withdraw: number[]
  put: Record<string, unknown>[]
}

export const fetchPast = (residentId: number, withWithdrawn: boolean) => get<Past>(`/residents/${residentId}/past`, { with_withdrawn: withWithdrawn })
export const correct = (residentId: number, what: Kept, correction: Correction) => post<Past>(`/residents/${residentId}/past/${what}`, correction)
