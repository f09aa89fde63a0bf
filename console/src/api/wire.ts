/** The wire of `/ws/v1/seat` and the views that REST answers with (src/callcenter/seats/messages.py). */

export const PROTOCOL = 1

export type IncidentState = 'waiting' | 'taken' | 'following' | 'closed'
export type SignalClass = 'alarm' | 'technical' | 'service'

export interface CardPerson {
  resident_id: number
  name: string
  name_latin: string
  sex: string | null
  age: number | null
  risk: string
  status: string
  hazards: string[]
  hazards_en: string[]
  pressed: boolean
}

export interface Card {
  people: CardPerson[]
  address: string
  address_en: string
  estate: string
  building: string
  building_en: string
  building_id: number | null
  entrance: string
  floor: number | null
  door: string
  access_note: string
  key_note: string
  device_kind: string | null
  device_label: string | null
  text: string | null
  /** English wording of the free texts, where somebody wrote one. */
  english?: Record<string, string>
}

export interface IncidentView {
  id: string
  number: number
  version: number
  state: IncidentState
  signal_class: SignalClass
  kind: string
  priority: number
  region_id: number
  region_path: number[]
  home_id: number | null
  resident_id: number | null
  device_id: number | null
  source: string
  identifier: string | null
  lat: number | null
  lng: number | null
  card: Card
  opened_at: string
  last_signal_at: string
  press_count: number
  ring: number
  marks: string[]
  taken_by: number | null
  taken_by_name: string | null
  taken_at: string | null
  offered_to: number | null
  closed_at: string | null
  outcome: string | null
  safe_by: string | null
  safe_where: string | null
}

export interface TimelineView {
  incident_id: string
  number: number
  at: string
  kind: string
  user_id: number | null
  user_name: string | null
  data: Record<string, unknown>
}

export interface SmsView {
  id: string
  version: number
  incident_id: string | null
  contact_id: number | null
  contact_name: string | null
  relation: string | null
  relation_en?: string | null
  recipient: string
  kind: string
  state: string
  created_at: string
  submitted_at: string | null
  settled_at: string | null
  error: string | null
}

export interface ProofView {
  incident_id: string
  ring: number
  proof: 'seen' | 'sounding'
  user_id: number
  at: string
}

export interface SeatView {
  user_id: number
  name: string
  name_en: string
  armed: boolean
}

export interface Rung {
  incident_id: string
  ring: number
}

export type ServerMessage =
  | { type: 'hello'; protocol: number; build: string; seat_id: string; user_id: number; now: string }
  | { type: 'snapshot'; incidents: IncidentView[]; seats: SeatView[]; silent_homes: number[] }
  | { type: 'incidents'; incidents: IncidentView[]; entries: TimelineView[] }
  | { type: 'sms'; messages: SmsView[] }
  | { type: 'proofs'; proofs: ProofView[] }
  | { type: 'seats'; seats: SeatView[] }
  | { type: 'silent_homes'; home_ids: number[] }
  | { type: 'beat'; now: string; database: boolean }

export type ClientMessage =
  | { type: 'hello'; protocol: number; build: string }
  | { type: 'duty'; armed: boolean }
  | { type: 'seen'; incidents: Rung[] }
  | { type: 'sounding'; incidents: Rung[] }
  | { type: 'pulse' }

/** `GET /api/v1/incidents/{id}` */
export interface IncidentDetail {
  incident: IncidentView
  entries: TimelineView[]
  messages: SmsView[]
  proofs: ProofView[]
}
