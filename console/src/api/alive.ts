/** What must be alive, as the server has last looked. */
import { get, post } from './http'
import type { components } from './schema.gen'

export type Liveness = components['schemas']['LivenessView']
export type Finding = Liveness['items'][number]

export type Enrolled = components['schemas']['EnrolledView']
export type EnrollDraft = components['schemas']['EnrollBody']

export const fetchLiveness = () => get<Liveness>('/alive')
/** A watchdog of another machine; its file is answered once. */
export const enrollWatchdog = (draft: Partial<EnrollDraft>) => post<Enrolled>('/watchdogs', draft)
