/** The three lists: their fields, what they are narrowed by, what is sent. Pure. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router'

import type { Entry, What } from '@/api/around'
import { blank, changesOf, draftOf, type Draft, type Field } from '@/domain/form'
import type { Action } from '@/stores/session'

const ORGANISATION_KINDS = ['community', 'street_office', 'department', 'provider', 'association', 'enterprise', 'shop', 'centre_operator'] as const
const FACILITY_KINDS = ['centre', 'day_station', 'canteen', 'mutual_aid_point', 'station', 'institution', 'service_point'] as const
const STAFF_KINDS = ['grid_worker', 'social_worker', 'caregiver', 'volunteer', 'driver', 'doctor', 'nurse', 'technician', 'cook', 'neighbour', 'key_holder'] as const

export const WHATS: readonly What[] = ['organisations', 'facilities', 'staff']

interface List {
  /** Who may enter and change. */
  action: Action
  kinds: readonly string[]
  fields: readonly Field[]
  /** The organisation that it belongs to. */
  of: 'parent_id' | 'operator_id' | 'employer_id'
  /** From this day on it is no more. */
  ends: 'until_day' | 'active_until'
}

const text = (key: string): Field => ({ key, kind: 'text' })
const day = (key: string): Field => ({ key, kind: 'date', nullable: true })
const number = (key: string): Field => ({ key, kind: 'number', nullable: true })
const name: Field = { key: 'name', kind: 'text', required: true }
const kind = (options: readonly string[]): Field => ({ key: 'kind', kind: 'choice', options, required: true, initial: options[0] })

export const LISTS: Readonly<Record<What, List>> = {
  organisations: {
    action: 'manage_users', kinds: ORGANISATION_KINDS, of: 'parent_id', ends: 'until_day',
    fields: [name, text('name_en'), kind(ORGANISATION_KINDS), { ...text('phone'), nullable: true }, { ...text('uscc'), nullable: true }, day('until_day')],
  },
  facilities: {
    action: 'edit_residents', kinds: FACILITY_KINDS, of: 'operator_id', ends: 'until_day',
    fields: [
      name, text('name_en'), kind(FACILITY_KINDS), text('hours'), number('beds'), number('area_m2'), text('level'), number('lat'), number('lng'), day('until_day'),
      { key: 'functions', kind: 'choices', options: FACILITY_KINDS, wide: true },
    ],
  },
  staff: {
    action: 'edit_residents', kinds: STAFF_KINDS, of: 'employer_id', ends: 'active_until',
    fields: [
      name, { ...text('phone'), nullable: true }, text('vehicle'), day('health_cert_until'), day('active_from'), day('active_until'),
      { key: 'kinds', kind: 'choices', options: STAFF_KINDS, wide: true }, { key: 'skills', kind: 'lines' }, { key: 'languages', kind: 'lines' },
    ],
  },
}

export const kindsOf = (entry: Entry): readonly string[] => ('kind' in entry ? [entry.kind] : entry.kinds)
export const endOf = (entry: Entry): string | null => ('active_until' in entry ? entry.active_until : entry.until_day)
export const hasEnded = (entry: Entry, today: string) => endOf(entry) !== null && endOf(entry)! <= today

/** A form: an entry, or an empty one in a region. */
export function formOf(what: What, entry: Entry | null, regionId: number | null): Draft {
  const { fields, of } = LISTS[what]
  const said = entry as Record<string, unknown> | null
  return { ...(said ? draftOf(fields, said) : blank(fields)), ...(what === 'staff' && { areas: said?.areas ?? [] }), region_id: said?.region_id ?? regionId, [of]: said?.[of] ?? null }
}

/** The whole entry, as it is sent; what is empty is left to the server. */
export function bodyOf(what: What, form: Draft, entry: Entry | null): Record<string, unknown> {
  const { fields, of } = LISTS[what]
  return { ...changesOf(fields, {}, form), ...(what === 'staff' && { areas: form.areas }), region_id: form.region_id, [of]: form[of], version: entry?.version ?? null }
}

export function isChangedForm(what: What, form: Draft, entry: Entry | null, regionId: number | null): boolean {
  return JSON.stringify(bodyOf(what, form, entry)) !== JSON.stringify(bodyOf(what, formOf(what, entry, regionId), entry))
}

/** What the address says. */
export interface Asked {
  what: What
  kind: string
  region: number | null
  ended: boolean
  /** The one that lies open; 0 is a new one. */
  open: number | null
}

const wordIn = (value: LocationQuery[string] | undefined) => (Array.isArray(value) ? value[0] : value) ?? ''
const idIn = (value: LocationQuery[string] | undefined) => (/^\d{1,15}$/.test(wordIn(value)) ? Number(wordIn(value)) : null)

export function readAddress(query: LocationQuery): Asked {
  const what = WHATS.find((each) => each === wordIn(query.what)) ?? 'organisations'
  const kinds = LISTS[what].kinds
  return {
    what,
    kind: kinds.find((each) => each === wordIn(query.kind)) ?? '',
    region: idIn(query.region),
    ended: wordIn(query.ended) === '1',
    open: idIn(query.open),
  }
}

export function writeAddress({ what, kind: of, region, ended, open }: Asked): LocationQueryRaw {
  return {
    what,
    ...(of && { kind: of }),
    ...(region !== null && { region: String(region) }),
    ...(ended && { ended: '1' }),
    ...(open !== null && { open: String(open) }),
  }
}
