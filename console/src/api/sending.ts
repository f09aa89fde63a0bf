/** Sending somebody to an incident. Who could go is a question to the office; sending needs no answer to it. */
import { get } from './http'
import { command } from './incidents'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type FieldOfIncident = Schemas['FieldOfIncident']
export type SentTaskView = Schemas['SentTaskView']
export type Suggestion = Schemas['SentSuggestionView']
export type Hindered = Schemas['SentHinderedView']
export type StaffKind = Schemas['StaffKind']
export type SendOrder = Partial<Omit<Schemas['SendBody'], 'command_id'>>

/** Who is asked to go to an alarm, unless somebody else is wanted. */
export const GOING: readonly StaffKind[] = ['caregiver', 'social_worker', 'grid_worker', 'volunteer', 'nurse', 'doctor', 'neighbour', 'key_holder', 'technician']

export const fetchField = (incident: string, kinds: readonly StaffKind[], skills: readonly string[]) => get<FieldOfIncident>(`/incidents/${incident}/field`, { kinds, skills })
export const send = (incident: string, order: SendOrder) => command(incident, 'send', order)
