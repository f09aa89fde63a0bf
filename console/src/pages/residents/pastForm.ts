/** Forms of the past: which values a fact may have, and what is sent for a fact or an event. Pure. */
import type { Correction, Event, EventKind, Fact, FactKind } from '@/api/past'

import { CARE } from './fields'

export const EVENTS: readonly EventKind[] = ['hospital', 'back', 'away', 'moved_out', 'moved_in', 'died']
export const FACTS: readonly FactKind[] = ['welfare', 'ability', 'living', 'disability', 'retiree', 'party_member']
export const GRADES = ['1', '2', '3', '4'] as const

const VALUES: Readonly<Record<FactKind, readonly string[]>> = {
  welfare: optionsOf('welfare'),
  ability: optionsOf('ability'),
  living: optionsOf('living'),
  disability: optionsOf('disability'),
  retiree: ['retired'],
  party_member: ['member'],
}

function optionsOf(key: string): readonly string[] {
  return CARE.find((field) => field.key === key)?.options ?? []
}

/** What stands there already stays among them, also where nobody foresaw it. */
export function valuesOf(kind: FactKind, standing = ''): readonly string[] {
  return standing && !VALUES[kind].includes(standing) ? [...VALUES[kind], standing] : VALUES[kind]
}

export interface FactDraft {
  kind: FactKind
  value: string
  level: string
  document_no: string
  assessed_by: string
  from_day: string
  until_day: string
}

export interface EventDraft {
  kind: EventKind
  day: string
  proof: string
}

export function factDraft(today: string, fact?: Fact): FactDraft {
  const { kind = 'welfare', value = '', level = '', assessed_by = '', from_day = today, until_day = null } = fact ?? {}
  return { kind, value, level, document_no: '', assessed_by, from_day, until_day: until_day ?? '' }
}

export function eventDraft(today: string, event?: Event): EventDraft {
  return { kind: event?.kind ?? 'hospital', day: event?.day ?? today, proof: event?.proof ?? '' }
}

/** `replaced`: what is taken back for it, with the reason. */
export function correctionOf(put: FactDraft | EventDraft | null, replaced: number | null, reason: string): Correction {
  const body = put && ('until_day' in put ? { ...put, until_day: put.until_day || null } : { ...put })
  return { reason: reason.trim(), withdraw: replaced === null ? [] : [replaced], put: body ? [body] : [] }
}
