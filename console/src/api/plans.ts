/** Action plans: the one that an incident runs with, and for those who write them their records. */
import { command } from './incidents'
import { get, post, put } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Run = Schemas['RunView']
export type Standing = Schemas['StandingView']
export type PlanStep = Schemas['PlanStep']
export type StepType = Schemas['StepType']
export type PlanLine = Schemas['PlanLine']
export type Plan = Schemas['PlanView']
export type PlanVersion = Schemas['VersionView']
export type BuiltInPlan = Schemas['BuiltInView']
export type Flaw = Schemas['FlawView']
export type Rehearsed = Schemas['Rehearsed']

// ---- at the seat, answered by the alarm side
export const fetchRun = (incident: string) => get<Run>(`/incidents/${incident}/plan`)
export const answerStep = (incident: string, step: string, answer: string) => command(incident, 'plan-steps', { step, answer })
export const choosePlan = (incident: string) => command(incident, 'plan')

// ---- records
export type Content = Pick<Plan, 'name' | 'name_en' | 'kinds' | 'active' | 'steps' | 'ring_after_s'>
export type Owner = { region_id: number | null; resident_id: number | null }

export const listPlans = () => get<PlanLine[]>('/plans')
export const builtInPlans = () => get<BuiltInPlan[]>('/plans/built-in')
export const fetchPlan = (id: number) => get<Plan>(`/plans/${id}`)
export const planVersions = (id: number) => get<PlanVersion[]>(`/plans/${id}/versions`)
export const addPlan = (content: Content, owner: Owner) => post<Plan>('/plans', { ...content, ...owner })
export const changePlan = (id: number, version: number, content: Content) => put<Plan>(`/plans/${id}`, { ...content, version })
/** Looked through and played; nothing is written. */
export const rehearse = (owner: Owner, steps: readonly PlanStep[], said: readonly { step: string; answer: string }[], passedMin: number) =>
  post<Rehearsed>('/plans/rehearsal', { ...owner, steps, said, passed_min: passedMin })
