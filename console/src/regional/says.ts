/** What a region says beside its times and its duty list, part by part. */
import type { components } from '@/api/schema.gen'

type View = components['schemas']['CallingView']
export type Says = View['settings']
export type Above = View['settings_above']

export interface SaysField {
  key: keyof Says & keyof Above
  kind: 'choice' | 'number' | 'tel' | 'text'
  /** Of a choice; their names stand below `policies.says.option.<key>.`. */
  options?: readonly string[]
  /** Of a number: so many of the server's unit are one of the field's. */
  unit?: number
}

export type SaysPart = 'telling' | 'following' | 'requests' | 'storms' | 'numbers' | 'texts'

export const SAYS: Readonly<Record<SaysPart, readonly SaysField[]>> = {
  telling: [
    { key: 'sms_policy', kind: 'choice', options: ['at_once', 'after_confirmation'] },
    { key: 'contact_policy', kind: 'choice', options: ['one_by_one', 'all_at_once'] },
    { key: 'next_contact_s', kind: 'number' },
  ],
  following: [{ key: 'follow_min', kind: 'number' }],
  requests: [{ key: 'service_due_s', kind: 'number', unit: 60 }],
  storms: [{ key: 'storm_alarms', kind: 'number' }],
  numbers: [
    { key: 'ambulance_number', kind: 'tel' },
    { key: 'fire_number', kind: 'tel' },
    { key: 'police_number', kind: 'tel' },
    { key: 'hotline', kind: 'tel' },
  ],
  texts: [
    { key: 'sms_signature', kind: 'text' },
    { key: 'sms_signature_en', kind: 'text' },
  ],
}
