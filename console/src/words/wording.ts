/** From views to words: names, places, ages, times, in the language of the console. */
import { useI18n } from 'vue-i18n'

import { ApiError, isAway } from '@/api/http'
import type { English, Profile } from '@/api/profile'
import type { Card, CardPerson, IncidentView } from '@/api/wire'
import { useNames } from '@/stores/names'
import { useSeats } from '@/stores/seats'
import { useSession } from '@/stores/session'

import { bare } from './spoken'

const MINUTE = 60
const HOUR = 3_600
const DAY = 86_400

export function useWording() {
  const { t, te, locale } = useI18n()
  const names = useNames()
  const seats = useSeats()
  const session = useSession()
  const english = () => locale.value === 'en'

  /** A code in words; a code that nobody has translated shows as it is. */
  function code(area: string, value: string | null | undefined): string {
    if (!value) return ''
    return te(`seat.${area}.${value}`) ? t(`seat.${area}.${value}`) : value
  }

  function inEnglish(chinese: string, latin: string | null | undefined): string {
    return english() && latin ? latin : chinese
  }

  /** A free text of a home, resident or contact in the console's language, where somebody wrote it in English too. */
  function free(of: { english?: English | null } & object, field: string): string {
    const original = (of as Record<string, unknown>)[field]
    return inEnglish(typeof original === 'string' ? original : '', of.english?.[field])
  }

  const personName = (person: { name: string; name_latin?: string | null }) => inEnglish(person.name, person.name_latin)
  const secondName = (person: { name: string; name_latin?: string | null }) => (english() ? person.name : (person.name_latin ?? ''))

  function ageAndSex(person: { age?: number | null; sex: string | null }): string {
    const age = person.age == null ? '' : t('seat.age', { n: person.age })
    return [age, code('sex', person.sex)].filter(Boolean).join(' · ')
  }

  /** Those who pressed first; where that is unclear everyone of the home, as registered. */
  function people(card: Card): CardPerson[] {
    return [...(card.people ?? [])].sort((a, b) => Number(b.pressed) - Number(a.pressed))
  }

  /** Of a drill that it is one, wherever somebody is named. */
  function who(incident: IncidentView): string {
    return incident.mode === 'drill' ? t('drills.named', { who: whoPressed(incident) }) : whoPressed(incident)
  }

  function whoPressed(incident: IncidentView): string {
    const [first, ...others] = people(incident.card)
    if (!first) return t('seat.unknown_caller')
    if (first.pressed || !others.length) return personName(first)
    return [first, ...others].map(personName).join(t('seat.and'))
  }

  /** An operator, by id and registered name. */
  function operator(id: number | null | undefined, name: string | null | undefined): string {
    return inEnglish(name ?? '', id == null ? null : seats.latin.get(id))
  }

  /** Somebody of the staff, by the name as registered. */
  const staffName = (name: string | null | undefined) => (name && english() ? names.latinOf(name) : (name ?? ''))
  /** Several of them. */
  const staffNames = (all: readonly string[]) => all.map(staffName).join(t('seat.and'))

  const hazards = (person: { hazards: string[]; hazards_en: string[] }) =>
    english() && person.hazards_en.length ? person.hazards_en : person.hazards

  function building(card: Card): string {
    return inEnglish(card.building, card.building_en)
  }

  /** Short: building, entrance, door; what an operator says to somebody who knows the estate. */
  function shortPlace(card: Card): string {
    const parts = [
      building(card),
      card.entrance && t('seat.place.entrance_short', { n: bare(card.entrance) }),
      card.door && t('seat.place.door_short', { n: bare(card.door) }),
    ].filter(Boolean)
    if (parts.length) return parts.join(english() ? ', ' : ' ')
    return fullAddress(card) || t('seat.unknown_address')
  }

  /** Estate and building. The estate has no English name of its own: where there is an English address, it is in there. */
  function place(card: Card): string {
    const estate = english() && card.address_en ? '' : card.estate
    return [estate, building(card)].filter(Boolean).join(' ')
  }

  /** Kind and label of the device, each once; a label in Chinese says nothing to an English reader. */
  function device(card: Card): string {
    const label = english() && /\p{Script=Han}/u.test(card.device_label ?? '') ? '' : card.device_label
    return [...new Set([code('device', card.device_kind), label])].filter(Boolean).join(' · ')
  }

  const fullAddress = (card: Card) => inEnglish(card.address, card.address_en)

  /** The card has the original wording only; the profile, once it is there, may have it in English. */
  function homeNote(card: Card, profile: Profile | null, field: 'access_note' | 'key_note'): string {
    return inEnglish(card[field], profile?.home.english[field])
  }

  /** What heads it, then whatever else it has gathered, one by one. */
  function kinds(incident: IncidentView): string {
    return [...new Set([incident.kind, ...incident.kinds])].map((kind) => code('kind', kind)).join(t('seat.and'))
  }

  /** What happened while it waited is history once somebody has it. */
  function marks(incident: IncidentView): string[] {
    const past = incident.state === 'waiting' ? [] : ['taker_lost', 'duty_told', 'supervisors_called', 'nobody_told', 'escalation_over', 'follow_late', 'request_due', 'request_late']
    return incident.marks.filter((mark) => !past.includes(mark)).map((mark) => code('mark', mark))
  }

  function elapsed(from: string, now: number): string {
    const seconds = Math.max(0, Math.floor((now - Date.parse(from)) / 1_000))
    const two = (value: number) => String(value).padStart(2, '0')
    if (seconds < HOUR) return `${two(Math.floor(seconds / MINUTE))}:${two(seconds % MINUTE)}`
    if (seconds < DAY) return `${Math.floor(seconds / HOUR)}:${two(Math.floor((seconds % HOUR) / MINUTE))}:${two(seconds % MINUTE)}`
    return t('seat.time.days', { n: Math.floor(seconds / DAY) })
  }

  /** In words, for sentences. */
  function span(from: string, now: number): string {
    const seconds = Math.max(0, Math.floor((now - Date.parse(from)) / 1_000))
    if (seconds < MINUTE) return t('seat.time.seconds', { n: seconds })
    if (seconds < HOUR) return t('seat.time.minutes', { n: Math.floor(seconds / MINUTE) })
    if (seconds < DAY) return t('seat.time.hours', { h: Math.floor(seconds / HOUR), m: Math.floor((seconds % HOUR) / MINUTE) })
    return t('seat.time.days', { n: Math.floor(seconds / DAY) })
  }

  function clock(at: string, withSeconds = true): string {
    const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: session.timeZone }
    if (withSeconds) time.second = '2-digit'
    return new Date(at).toLocaleTimeString(locale.value, time)
  }

  function day(at: string): string {
    return new Date(at).toLocaleDateString(locale.value, { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: session.timeZone })
  }

  function metres(distance: number): string {
    if (distance < 1_000) return t('seat.contact.metres', { n: Math.round(distance / 10) * 10 })
    return t('seat.contact.kilometres', { n: (distance / 1_000).toFixed(1) })
  }

  function refusal(error: unknown): string {
    if (!(error instanceof ApiError)) return t('seat.error.other', { code: String(error) })
    const name = String(error.params.name ?? t('seat.error.someone'))
    if (te(`seat.error.${error.code}`)) return t(`seat.error.${error.code}`, { name })
    if (isAway(error)) return t('ui.away_unsaved')
    if (error.status === 409) return t('seat.error.conflict')
    if (error.status === 503) return t('seat.error.unavailable')
    return t('seat.error.other', { code: error.code })
  }

  return {
    t, code, free, personName, secondName, operator, staffName, staffNames, ageAndSex, people, who, hazards, place, device, shortPlace, fullAddress, homeNote, kinds, marks, elapsed, span,
    clock, day, metres, refusal, inEnglish,
  }
}
