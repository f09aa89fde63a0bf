/** Recordings of telephone calls: which there are, heard with a reason, held; and who has heard what. */
import { atServer, get, post, type Query } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Recording = Schemas['RecordingView']
export type RecordingDetail = Schemas['RecordingDetail']
export type RecordingState = Schemas['RecordingState']
export type Listening = Schemas['ListeningView']
export type Heard = Schemas['HeardView']

/** Of one call, or of every call of an incident. */
export type RecordingsOf = { call: string } | { incident: string }

const BASE = '/hotline'
const one = (id: number) => `${BASE}/recordings/${id}`

export const fetchRecordings = (of: RecordingsOf) => get<Recording[]>('call' in of ? `${BASE}/calls/${of.call}/recordings` : `${BASE}/incidents/${of.incident}/recordings`)
export const fetchRecording = (id: number) => get<RecordingDetail>(one(id))
export const askToHear = (id: number, reason: string) => post<Listening>(`${one(id)}/listen`, { reason })
export const holdRecording = (id: number, reason: string) => post<RecordingDetail>(`${one(id)}/hold`, { reason })
export const releaseRecording = (id: number, reason: string) => post<RecordingDetail>(`${one(id)}/release`, { reason })
export const fetchHeard = (query: Query) => get<Schemas['HeardPage']>(`${BASE}/recordings/heard`, query)
/** Of a listening, for a player. */
export const soundAddress = (listening: Listening) => atServer(listening.sound)
