/** Short names for the generated types of `/ws/v1/seat` and of the incidents in REST. */
import type { components } from './schema.gen'

type Schemas = components['schemas']

export const PROTOCOL = 1

export type Card = Schemas['Card']
/** How a call came that no device has sent. */
export type Called = Schemas['Called']
export type ByTelephone = Schemas['ByTelephone']
export type CardPerson = Schemas['CardPerson']
export type IncidentView = Schemas['Incident']
export type TimelineView = Schemas['TimelineView']
export type StepEntry = Schemas['StepEntry']
export type SmsView = Schemas['SmsView']
export type ProofView = Schemas['ProofView']
export type SeatView = Schemas['SeatView']
export type PauseReason = NonNullable<SeatView['pause']>
/** From when on an alarm is late, by region and priority. */
export type AgesView = Schemas['Ages']
export type Rung = Schemas['Rung']
export type StormView = Schemas['StormView']
export type IncidentDetail = Schemas['IncidentDetail']
export type FromMemory = Schemas['FromMemory']
/** Whom to call where it happened, the one that is needed first before the others. */
export type Help = Pick<IncidentDetail, 'numbers' | 'services'>
export type ServerMessage = Schemas['ServerMessage']
export type TestOver = Schemas['TestOver']
export type ClientMessage = Schemas['ClientMessage']
