/** Calls that stand, and what a seat does with them: one function for each command. */
import { get, post, put } from './http'

/** As the server has it; what a call goes through is in `hotline/call.py`. */
export type CallState = 'ringing' | 'waiting' | 'connecting' | 'talking' | 'held' | 'ended'
export type LineKind = 'red' | 'green' | 'hotline' | 'office'
export type Whose = 'resident' | 'contact' | 'device' | 'staff' | 'organisation'
export type Role = 'caller' | 'operator' | 'other' | 'colleague' | 'listener'

/** One of those who have a number. Contacts and devices stand at the home that they belong to. */
export interface Match {
  whose: Whose
  name: string
  name_en: string
  region_id: number
  home_id: number | null
  resident_id: number | null
  contact_id: number | null
  device_id: number | null
  staff_id: number | null
  organisation_id: number | null
  relation: string
  relation_en: string
  address: string
  address_en: string
  lat: number | null
  lng: number | null
  risk: string
}

/** One telephone within a call. */
export interface LegShown {
  id: string
  role: Role
  user_id: number | null
  number: string
  is_up: boolean
  /** Of who listens in: nobody, the operator alone, everybody. */
  heard_by: '' | 'whisper' | 'all'
}

export interface CallShown {
  id: string
  version: number
  direction: 'in' | 'out' | 'automatic'
  kind: LineKind
  line: string
  line_name: string
  line_name_en: string
  region_id: number
  caller: { raw: string; e164: string | null; presentation: 'shown' | 'withheld' | 'malformed' }
  state: CallState
  offered_at: string
  wanted: number | null
  taken_by: number | null
  answered_at: string | null
  answered_by: number | null
  ended_at: string | null
  /** ITU-T Q.850. */
  cause: number | null
  /** Of what has ended: told once more. */
  wrapped_up_at: string | null
  incident_id: string | null
  matches: Match[]
  attached: Match | null
  call_back_wanted: boolean
  legs: LegShown[]
}

/** Of `/ws/v1/seat`. The first after a greeting is `whole`; in the others stands what has changed, what has ended once more. */
export interface CallsMessage {
  type: 'calls'
  calls: CallShown[]
  exchange: boolean
  whole?: boolean
}

export type PhoneKind = 'page' | 'desk' | 'none'

/** With what the page registers, anew each time that it is asked for, and what else there is at this seat. */
export interface Admission {
  exchange: boolean
  name: string
  password: string
  realm: string
  way: string
  kind: PhoneKind
  desk: string
  desk_phones: string[]
}

export interface Dial {
  number: string
  incident_id?: string | null
  line?: string
}

export type Attached = Partial<Pick<Match, 'resident_id' | 'contact_id' | 'staff_id' | 'organisation_id' | 'device_id' | 'home_id'>> & { whose: Whose }

const BASE = '/telephone'
const order = (id: string, action: string, body: object = {}) => post<CallShown>(`${BASE}/calls/${id}/${action}`, body)

export const admit = () => get<Admission>(BASE)
export const choosePhone = (kind: PhoneKind, desk = '') => put<Admission>(BASE, { kind, desk })
export const standing = () => get<CallShown[]>(`${BASE}/calls`)
export const dial = (wanted: Dial) => post<{ id: string }>(`${BASE}/calls`, wanted)
export const take = (id: string) => order(id, 'take')
export const hangUp = (id: string) => order(id, 'hang-up')
export const hold = (id: string) => order(id, 'hold')
export const resume = (id: string) => order(id, 'resume')
/** To the seat of this user, or to whoever is free. */
export const passOn = (id: string, userId: number | null) => order(id, 'pass-on', { user_id: userId })
export const consult = (id: string, userId: number) => order(id, 'consult', { user_id: userId })
/** The colleague who was asked has it from now on. */
export const give = (id: string) => order(id, 'give')
export const takeBack = (id: string) => order(id, 'take-back')
export const add = (id: string, number: string) => order(id, 'add', { number })
export const keys = (id: string, digits: string) => order(id, 'keys', { digits })
export const listenIn = (id: string, how: { whisper: boolean; barge: boolean }) => order(id, 'listen-in', how)
export const attach = (id: string, whom: Attached) => order(id, 'attach', whom)
/** What was to be done after it is done: the next one may come. */
export const wrappedUp = (id: string) => order(id, 'wrapped-up')
