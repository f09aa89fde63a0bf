/** The work of the hotline: what calls were about, what was missed, cases, and cards. */
import { get, lookUp, post, put } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Disposition = Schemas['DispositionView']
export type DispositionBody = Schemas['DispositionBody']
export type Opens = Schemas['Opens']
export type CallLine = Schemas['CallLine']
export type FiledCall = Schemas['FiledCallView']
export type CallPart = Schemas['Part']
export type CallCounts = Schemas['CallCounts']
export type HotlineCase = Schemas['CaseLine']
export type HotlineCaseView = Schemas['CaseView']
export type CaseKind = Schemas['CaseKind']
export type CaseState = Schemas['CaseState']
export type CaseStep = Schemas['CaseStepBody']['kind']
export type Card = Schemas['CardView']
export type CardBody = Schemas['CardBody']
export type CardVersion = Schemas['CardVersionView']
export type Trait = Schemas['Trait']

export interface CallsAsked {
  part: CallPart
  q: string
  line?: string
  kind?: string
  direction?: string
  day?: string
  disposition?: string
  resident_id?: number | null
}

const LIMIT = 100

export const fetchCalls = (asked: CallsAsked, after: string | null = null) => lookUp<Schemas['CallPage']>('/hotline/calls', { ...asked, after, limit: LIMIT })
export const fetchCall = (call: string) => get<FiledCall>(`/hotline/calls/${call}`)
export const fetchCounts = () => get<CallCounts>('/hotline/counts')
export const writeDown = (body: Schemas['HandCallBody']) => post<CallLine>('/hotline/calls', body)
export const fileCall = (call: string, body: Schemas['FilingBody']) => post<FiledCall>(`/hotline/calls/${call}/file`, body)
export const workOff = (call: string, body: Schemas['WorkedOffBody']) => post<Schemas['WorkedOffCalls']>(`/hotline/calls/${call}/worked-off`, body)

export const fetchCases = (state: CaseState, kind: CaseKind | '', after: string | null = null) => get<Schemas['CasePage']>('/hotline/cases', { state, kind, after, limit: LIMIT })
export const fetchCase = (one: string) => get<HotlineCaseView>(`/hotline/cases/${one}`)
export const stepCase = (one: string, body: Schemas['CaseStepBody']) => post<HotlineCaseView>(`/hotline/cases/${one}/steps`, body)

export const fetchDispositions = () => get<Disposition[]>('/hotline/dispositions')
export const changeDisposition = (code: string, body: DispositionBody) => put<Disposition[]>(`/hotline/dispositions/${code}`, body)

export const fetchCards = (q: string, asked: { disposition?: string | null; call_id?: string | null } = {}) => lookUp<Card[]>('/hotline/cards', { q, ...asked })
export const fetchAllCards = () => get<Card[]>('/hotline/cards/all')
export const changeCard = (code: string, body: CardBody) => put<Card[]>(`/hotline/cards/${code}`, body)
export const fetchCardVersions = (code: string) => get<CardVersion[]>(`/hotline/cards/${code}/versions`)
