/** Rounds from door to door, neighbours in pairs, rides. */
import { commandId, get, patch, post, remove } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Round = Schemas['RoundView']
export type RoundBody = Schemas['RoundBody']
export type RoundKind = Schemas['RoundKind']
export type Stop = Schemas['RoundStopView']
export type StopBody = Schemas['RoundStopBody']
export type StopsRead = Schemas['StopsRead']
export type Run = Schemas['RoundRunView']
export type RunDetail = Schemas['RoundRunDetail']
export type Visit = Schemas['RoundVisitView']
export type VisitState = Schemas['VisitState']
export type Pair = Schemas['PairView']
export type PairSaid = Schemas['PairSaid']
export type Ride = Schemas['RideView']
export type WorkFigure = Schemas['WorkFigure']
export type RideBody = Schemas['RideBody']

export const fetchRounds = () => get<Round[]>('/rounds')
export const addRound = (body: RoundBody) => post<Round>('/rounds', body)
export const changeRound = (id: number, body: Schemas['RoundChange']) => patch<Round>(`/rounds/${id}`, body)
export const fetchStops = (round: number) => get<Stop[]>(`/rounds/${round}/stops`)
export const addStop = (round: number, body: StopBody) => post<Stop[]>(`/rounds/${round}/stops`, body)
export const addStops = (round: number, csv: string) => post<StopsRead>(`/rounds/${round}/stops/file`, { csv })
export const removeStop = (stop: number) => remove<void>(`/rounds/stops/${stop}`)

export const fetchRuns = (day: string) => get<Run[]>('/rounds/runs', { day })
export const fetchRun = (run: number) => get<RunDetail>(`/rounds/runs/${run}`)
export const closeRun = (run: number) => post<void>(`/rounds/runs/${run}/close`)
export const giveRun = (run: number, staff: number[]) => patch<Run>(`/rounds/runs/${run}`, { staff_ids: staff })
/** What somebody has told the office of a stop. */
export const sayOfStop = (visit: number, said: VisitState, note = '') => post<Schemas['StopToldView']>(`/rounds/visits/${visit}`, { id: commandId(), said, note })

export const fetchPairs = () => get<Pair[]>('/pairs')
export const addPair = (body: Schemas['callcenter__rounds__pairs__keeping__PairBody']) => post<Pair>('/pairs', body)
export const tickPair = (pair: number, said: PairSaid) => post<void>(`/pairs/${pair}/ticks`, { id: commandId(), said })
export const endPair = (pair: number) => remove<void>(`/pairs/${pair}`)

export const fetchRides = (day: string) => get<Ride[]>('/rides', { day })
export const bookRide = (body: RideBody) => post<Ride>('/rides', body)
/** Of these days, both included. */
export const fetchFigures = (from: string, until: string) => get<WorkFigure[]>('/rides/figures', { from_day: from, until_day: until })
export const rateRide = (task: string, rating: number) => post<Ride>(`/rides/${task}/rating`, { rating })

export interface Walker {
  id: number
  name: string
  kinds: string[]
}

export const fetchStaff = () => get<Walker[]>('/staff', { limit: 200 })
