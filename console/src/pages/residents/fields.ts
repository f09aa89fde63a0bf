/** The fields of the forms, and what a form sends. Pure. */

export interface Field {
  key: string
  kind: 'text' | 'note' | 'choice' | 'choices' | 'date' | 'lines' | 'yes' | 'number'
  /** Values of a choice; their names stand below `residents.<options>.`. */
  options?: readonly string[]
  names?: string
  required?: boolean
  /** There is an English wording beside it, kept in `english`. */
  english?: boolean
  wide?: boolean
  /** May be empty as null instead of "". */
  nullable?: boolean
}

export type Draft = Record<string, unknown>

const note = (key: string): Field => ({ key, kind: 'note', english: true, wide: true })
const line = (key: string): Field => ({ key, kind: 'text', english: true })

export const STATUSES = ['home', 'away', 'hospital', 'moved', 'deceased'] as const

export const PERSON: readonly Field[] = [
  { key: 'name', kind: 'text', required: true },
  { key: 'name_latin', kind: 'text' },
  { key: 'sex', kind: 'choice', options: ['female', 'male'], nullable: true },
  { key: 'birth_date', kind: 'date', nullable: true },
  { key: 'identity_number', kind: 'text', nullable: true },
  { key: 'phone', kind: 'text', nullable: true },
  { key: 'second_phone', kind: 'text', nullable: true },
  { key: 'status', kind: 'choice', options: STATUSES, required: true },
  { key: 'language', kind: 'choice', options: ['zh-CN', 'en'], required: true },
]

export const CARE: readonly Field[] = [
  { key: 'risk', kind: 'choice', options: ['high', 'medium', 'low'], required: true },
  { key: 'living', kind: 'choice', options: ['alone', 'couple', 'alone_by_day', 'with_children', 'with_carer'], nullable: true },
  { key: 'ability', kind: 'choice', options: ['intact', 'mild', 'moderate', 'severe', 'total'], nullable: true },
  { key: 'welfare', kind: 'choices', options: ['extreme_poverty', 'minimum_allowance', 'no_family', 'lost_only_child', 'preferential'], wide: true },
]

export const HEALTH: readonly Field[] = [
  { key: 'hazards', kind: 'lines' },
  { key: 'hazards_en', kind: 'lines' },
  note('health_note'),
  note('medicines'),
  note('allergies'),
  line('hospital'),
]

export const TALKING: readonly Field[] = [line('hearing'), line('dialect'), note('talk_note')]

export const RESIDENT: readonly Field[] = [...PERSON, ...CARE, ...HEALTH, ...TALKING]

export const HOME: readonly Field[] = [
  { key: 'address', kind: 'text', required: true, wide: true },
  { key: 'address_en', kind: 'text', wide: true },
  { key: 'entrance', kind: 'text' },
  { key: 'floor', kind: 'number', nullable: true },
  { key: 'door', kind: 'text' },
  note('access_note'),
  note('key_note'),
  { key: 'lat', kind: 'number', nullable: true },
  { key: 'lng', kind: 'number', nullable: true },
]

export const CONTACT: readonly Field[] = [
  { key: 'name', kind: 'text', required: true },
  { key: 'name_latin', kind: 'text' },
  { key: 'relation', kind: 'text' },
  { key: 'relation_en', kind: 'text' },
  { key: 'phone', kind: 'text', required: true },
  line('distance'),
  line('reachable'),
  { key: 'language', kind: 'choice', options: ['zh-CN', 'en'], required: true },
  { key: 'has_key', kind: 'yes' },
  { key: 'far_away', kind: 'yes' },
  { key: 'sms_consent', kind: 'yes' },
]

/** An empty form. */
export function blank(fields: readonly Field[]): Draft {
  const draft: Draft = { english: {} }
  for (const field of fields) draft[field.key] = emptyValue(field)
  return { ...draft, ...('status' in draft ? { status: 'home', risk: 'low' } : {}), ...('language' in draft ? { language: 'zh-CN' } : {}), ...('sms_consent' in draft ? { sms_consent: true } : {}) }
}

function emptyValue(field: Field): unknown {
  if (field.kind === 'choices' || field.kind === 'lines') return []
  if (field.kind === 'yes') return false
  return field.nullable ? null : ''
}

/** A form filled with a record. The identity number is never read back, only written. */
export function draftOf(fields: readonly Field[], record: object): Draft {
  const values = record as Record<string, unknown>
  const draft: Draft = { english: { ...(values.english as object | undefined) } }
  for (const field of fields) {
    const value = field.key in values ? values[field.key] : emptyValue(field)
    draft[field.key] = Array.isArray(value) ? [...(value as unknown[])] : value
  }
  return draft
}

/** What is sent: only the fields that differ from `before`; empty words become null where nothing may stand. */
export function changesOf(fields: readonly Field[], before: Draft, after: Draft): Draft {
  const changes: Draft = {}
  for (const field of fields) {
    const value = clean(field, after[field.key])
    if (!same(value, clean(field, before[field.key]))) changes[field.key] = value
  }
  const english = cleanEnglish(after.english)
  if (fields.some((field) => field.english) && !same(english, cleanEnglish(before.english))) changes.english = english
  return changes
}

export function isChanged(fields: readonly Field[], before: Draft, after: Draft): boolean {
  return Object.keys(changesOf(fields, before, after)).length > 0
}

function clean(field: Field, value: unknown): unknown {
  if (field.kind === 'lines') return (value as string[] | undefined)?.map((each) => each.trim()).filter(Boolean) ?? []
  if (field.kind === 'choices') return [...((value as string[] | undefined) ?? [])].sort()
  if (field.kind === 'number') return value === '' || value == null ? null : Number(value)
  if (typeof value !== 'string') return value ?? (field.nullable ? null : '')
  const text = value.trim()
  return text === '' && field.nullable ? null : text
}

function cleanEnglish(value: unknown): Record<string, string> {
  const pairs = Object.entries((value ?? {}) as Record<string, string>)
  return Object.fromEntries(pairs.map(([key, text]) => [key, text.trim()] as const).filter(([, text]) => text).sort(([a], [b]) => a.localeCompare(b)))
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
