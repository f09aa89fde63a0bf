/** Drills: a region in exercise, and what came of it. */
import { get, post } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Drill = Schemas['DrillView']
export type DrillDetail = Schemas['DrillDetail']
export type DrillReport = Schemas['DrillReportView']
export type PressReport = Schemas['PressReport']
export type PressAtHome = Schemas['PressAtHome']
export type ScriptView = Schemas['ScriptView']

export const fetchDrills = () => get<Drill[]>('/drills')
export const fetchScripts = (region: number) => get<ScriptView[]>(`/regions/${region}/drill-scripts`)
export const fetchDrill = (id: number) => get<DrillDetail>(`/drills/${id}`)
export const fetchDrillReport = (id: number) => get<DrillReport>(`/drills/${id}/report`)
export const startDrill = (body: Schemas['DrillBody']) => post<DrillDetail>('/drills', body)
export const stopDrill = (id: number) => post<DrillDetail>(`/drills/${id}/stop`)
