/** Calls that stand, and what a seat does with them: one function for each command. */
import { get, post, put } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type CallShown = Schemas['CallShown']
/** What it goes through is in `hotline/call.py`. */
export type CallState = CallShown['state']
export type LineKind = Schemas['LineKind']
/** One of those who have a number. Contacts and devices stand at the home that they belong to. */
export type Match = Schemas['Match']
/** One telephone within a call. */
export type LegShown = Schemas['LegShown']
/** Of `/ws/v1/seat`. The first after a greeting is whole; in the others stands what has changed, what has ended once more. */
export type CallsMessage = Schemas['Calls']
/** With what the page registers, anew each time that it is asked for, and what else there is at this seat. */
export type Admission = Schemas['TelephoneView']
export type PhoneKind = Admission['kind']
export type Dial = Schemas['Dial']
/** One of the ids, as `whose` says. */
export type Attached = Schemas['Attach']

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
