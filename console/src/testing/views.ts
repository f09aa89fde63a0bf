/** Views for tests: everything that a test does not care about has a plain value. */
import type { CardPerson, IncidentView, ServerMessage, TimelineView } from '@/api/wire'

let numbers = 0

export function incident(parts: Partial<IncidentView> = {}): IncidentView {
  numbers += 1
  return {
    id: `incident-${numbers}`, number: numbers, version: 1, state: 'waiting', signal_class: 'alarm', kind: 'sos', kinds: ['sos'], priority: 1,
    region_id: 1, region_path: [1], home_id: numbers, resident_id: null, device_id: null, source: 'dc09', identifier: '1001', lat: null, lng: null,
    card: {
      people: [], address: '', address_en: '', estate: '', building: '', building_en: '', building_id: null, entrance: '', floor: null, door: '',
      access_note: '', key_note: '', device_kind: null, device_label: null, text: null, peer: null, called: null, telephoned: null,
    },
    opened_at: '2026-11-22T04:12:00Z', last_signal_at: '2026-11-22T04:12:00Z', press_count: 1, ring: 1, marks: [],
  ring_to: [],
  escalated: 0,
  follow_due_at: null, mode: 'real', call_back_by: null, wanted: null,
    taken_by: null, taken_by_name: null, taken_at: null, offered_to: null, closed_at: null, outcome: null, safe_by: null, safe_where: null,
    ...parts,
  }
}

type Beat = Extract<ServerMessage, { type: 'beat' }>

/** All is well, but for what the test says. */
export const beat = (parts: Partial<Beat> = {}): Beat => ({ type: 'beat', now: '2026-11-22T04:12:00Z', database: true, away_since: null, kept: 0, disk: true, written: 0, as_of: null, ...parts })

/** `data` holds what the test looks at, of the fields that the kind has. */
export function entry(of: IncidentView, number: number, parts: { kind?: TimelineView['kind']; data?: Record<string, unknown> } = {}): TimelineView {
  return { incident_id: of.id, number, at: '2026-11-22T04:12:01Z', kind: 'note', user_id: 1, user_name: '陈立言', data: {}, ...parts } as TimelineView
}

export function person(parts: Partial<CardPerson> = {}): CardPerson {
  return { resident_id: 1, name: '沈玉兰', name_latin: 'Shen Yulan', sex: 'female', age: 83, risk: 'high', status: 'home', hazards: ['抗凝药'], hazards_en: ['anticoagulant'], pressed: true, ...parts }
}
