/** Who takes alarms, and what they speak. */
import { get, put } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Operator = Schemas['OperatorView']
export type Speaking = Schemas['SpeakingView']

export const fetchSpeaking = () => get<Speaking>('/operators')
export const setSkills = (operator: number, skills: readonly string[]) => put<Operator>(`/operators/${operator}/skills`, { skills })
