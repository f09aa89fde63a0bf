/** Forms: what they hold, and what they send. Pure. */

export interface Field {
  key: string
  kind: 'text' | 'note' | 'choice' | 'choices' | 'date' | 'lines' | 'yes' | 'number'
  /** Values of a choice; their names stand below `<words>.option.<key>.`. */
  options?: readonly string[]
  required?: boolean
  /** There is an English wording beside it, kept in `english`. */
  english?: boolean
  wide?: boolean
  /** May be empty as null instead of "". */
  nullable?: boolean
  /** What an empty form holds, where that is not nothing. */
  initial?: unknown
}

export type Draft = Record<string, unknown>

/** An empty form. */
export function blank(fields: readonly Field[]): Draft {
  const draft: Draft = { english: {} }
  for (const field of fields) draft[field.key] = field.initial ?? emptyValue(field)
  return draft
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
