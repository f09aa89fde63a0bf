/** Residents, contacts, homes and devices as REST gives them. */

export interface Page<Item> {
  items: Item[]
  /** Of all pages, but at most 500. */
  total: number
  /** There are more than `total`. */
  total_is_capped: boolean
  page: number
  limit: number
}

export type English = Record<string, string>

export interface ResidentLine {
  id: number
  version: number
  home_id: number
  region_id: number
  name: string
  name_latin: string
  sex: string | null
  age: number | null
  phone: string | null
  status: string
  living: string | null
  ability: string | null
  risk: string
  welfare: string[]
  address: string
  address_en: string
}

export interface Resident {
  id: number
  version: number
  home_id: number
  name: string
  name_latin: string
  sex: string | null
  birth_date: string | null
  age: number | null
  identity_masked: string | null
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
  has_photo: boolean
}

export interface Contact {
  id: number
  version: number
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

export interface Home {
  id: number
  version: number
  region_id: number
  building_id: number | null
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

export interface Device {
  id: number
  version: number
  source: string
  identifier: string
  kind: string
  model: string
  label: string
  battery_low: boolean
  seen_at: string | null
  assignments: { home_id: number; resident_id: number | null; resident_name: string | null; resident_name_latin: string | null }[]
}

export interface Region {
  id: number
  parent_id: number | null
  path?: number[]
  level: string
  name: string
  name_en: string
}

/** One thing wrong with one field, worded by the server in both languages. */
export interface Problem {
  column: string
  code: string
  value: string
  message: string
  message_zh: string
}
