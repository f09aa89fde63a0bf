/** `GET /api/v1/homes/{id}/profile`: everything about a home that an operator may need during a call. Every look is audited. */
import { get } from './http'

/** English wording of free-text columns, where somebody wrote one. */
export type English = Record<string, string>

export interface ContactView {
  id: number
  resident_id: number
  rank: number
  name: string
  name_latin: string
  relation: string
  relation_en: string
  phone: string
  distance: string
  far_away: boolean
  has_key: boolean
  reachable: string
  sms_consent: boolean
  language: string
  english: English
}

export interface ResidentView {
  id: number
  home_id: number
  name: string
  name_latin: string
  sex: string | null
  birth_date: string | null
  age: number | null
  phone: string | null
  second_phone: string | null
  status: string
  welfare: string[]
  living: string | null
  ability: string | null
  risk: string
  hazards: string[]
  hazards_en: string[]
  health_note: string
  medicines: string
  allergies: string
  hospital: string
  hearing: string
  dialect: string
  talk_note: string
  language: string
  english: English
}

export interface DeviceView {
  id: number
  kind: string
  label: string
  model: string
  identifier: string
  source: string
  battery_low: boolean
  resident_id?: number | null
  seen_at?: string | null
}

export interface PointView {
  id: number
  kind: string
  name: string
  name_en: string
  phone: string | null
  distance_m: number | null
}

export interface HomeView {
  id: number
  region_id: number
  address: string
  address_en: string
  entrance: string
  floor: number | null
  door: string
  access_note: string
  key_note: string
  lat: number | null
  lng: number | null
  english: English
}

export interface BuildingView {
  id: number
  name: string
  name_en: string
  floors: number
  lift: boolean
}

export interface Profile {
  home: HomeView
  building: BuildingView | null
  residents: ResidentView[]
  contacts: ContactView[]
  devices: DeviceView[]
  points: PointView[]
  emergency_numbers: Record<string, string>
  hotline: string
  settings: { sms_policy: string }
}

export const fetchProfile = (homeId: number) => get<Profile>(`/homes/${homeId}/profile`)
