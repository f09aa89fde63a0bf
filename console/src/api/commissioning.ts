/** Putting a site into service: its first accounts, and what it still misses. */
import { commandId, get, post } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Checklist = Schemas['ChecklistView']
export type Item = Schemas['ItemView']
export type FirstStart = Schemas['FirstStartBody']
export type Said = Schemas['SayBody']['what']

export const askFirstStart = () => get<{ first: boolean }>('/first-start')
export const startFirst = (body: FirstStart) => post<{ first: boolean }>('/first-start', body)
export const sendTestAlarm = () => post<undefined>('/incidents/trial', { command_id: commandId() })
export const fetchChecklist = () => get<Checklist>('/checklist')
export const say = (what: Said, note: string) => post<Checklist>('/checklist', { what, note })
