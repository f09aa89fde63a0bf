/** Timeline entries in words, and the proofs of delivery with their times. */
import { computed, type ComputedRef } from 'vue'

import type { ByTelephone, Called, IncidentView, ProofView, TimelineView } from '@/api/wire'
import { concernedIn, readEntry, type Told } from '@/domain/timeline'
import { useConnection } from '@/stores/connection'

import { spokenPhone } from './spoken'
import { useWording } from './wording'

type Wording = ReturnType<typeof useWording>

export interface EntryText {
  title: string
  detail: string
}

/** `contact` is the name of the person concerned as this console writes it, where that is known here. */
export function entryText(entry: TimelineView, wording: Wording, contact = ''): EntryText {
  const { t, code, clock, operator, inEnglish } = wording
  const told = readEntry(entry)
  const { name: registered } = concernedIn(entry)
  const known = contact || inEnglish(registered, null)
  const name = known || t('seat.entry.someone')
  switch (told.kind) {
    case 'opened':
    case 'joined':
      return { title: t(`seat.entry.${told.kind}`, { kind: code('kind', told.signal) }), detail: joined(told.called ? calledText(told.called, wording) : '', told.telephoned ? rangText(told.telephoned, told.late ?? false, wording) : '', told.text, told.real ? t('seat.test.made_real') : '') }
    case 'step':
      return stepText(told, name, wording)
    case 'note':
      return { title: t('seat.entry.note'), detail: told.text }
    case 'reply':
      return { title: t(`seat.entry.reply_${told.takes ? 'takes' : told.meaning}`, { name: told.takes ? '' : name, text: told.text }), detail: told.unverified ? t('seat.entry.unverified') : '' }
    case 'offered':
      return { title: t('seat.entry.offered', { name: operator(told.to, told.name) || name }), detail: '' }
    case 'reassigned':
      return { title: t('seat.entry.reassigned', { name: operator(told.to, told.name) }), detail: joined(told.from ? t('seat.entry.taken_from', { name: told.from }) : '', told.reason) }
    case 'archived':
      return { title: t('seat.entry.archived'), detail: told.file }
    case 'assigned':
      return { title: t('seat.entry.assigned', { name }), detail: '' }
    case 'recognised':
      return { title: t('seat.entry.recognised', { name }), detail: told.partOf ? t('seat.entry.part_of', { n: told.partOf }) : '' }
    case 'unassigned':
      return { title: t('seat.entry.unassigned', { name }), detail: told.reason }
    case 'told': {
      const names = told.names.length ? told.names.join(t('seat.and')) : known
      return { title: names ? t('seat.entry.told', { name: names }) : t('seat.entry.told_many'), detail: joined(code('sms.kind', told.message), told.byItself ? t('seat.entry.by_itself') : '') }
    }
    case 'telling_ended':
      return { title: t('seat.entry.telling_ended'), detail: t(`seat.entry.telling.${told.reason}`) }
    case 'taken':
      return { title: t('seat.entry.taken'), detail: joined(told.from ? t('seat.entry.taken_from', { name: told.from }) : '', stepsText('spared', told.spared, wording)) }
    case 'following':
      return { title: t('seat.entry.following'), detail: told.until ? t('seat.entry.following_until', { time: clock(told.until, false) }) : '' }
    case 'follow_up':
      return { title: t(told.late ? 'seat.entry.follow_up_late' : 'seat.entry.follow_up'), detail: known }
    case 'duty_told':
      return { title: t('seat.entry.duty_told', { n: told.numbers }), detail: stepsText('passed', told.passed, wording) }
    case 'escalated':
      return { title: t(`seat.entry.escalated_${told.over ? 'over' : told.step}`, { n: told.reached }), detail: stepsText('passed', told.passed, wording) }
    case 'closed':
      return { title: t('seat.entry.closed', { outcome: code('outcome', told.outcome) }), detail: joined(code('request.wanted', told.wanted), safeText(told.safeBy, told.safeWhere, wording), told.note) }
    case 'wanted':
      return { title: t('seat.entry.wanted', { what: code('request.wanted', told.wanted) }), detail: joined(told.passedTo && t('seat.entry.passed_to', { name: told.passedTo }), told.until && t('seat.entry.until', { time: dayAndTime(told.until, wording) }), told.note) }
    case 'request_due':
      return { title: t(told.late ? 'seat.entry.request_late' : 'seat.entry.request_due'), detail: '' }
    case 'plan_waited':
      return { title: t('seat.entry.plan_waited'), detail: inEnglish(told.text, told.textEnglish) }
    case 'plan_step':
      return planStepText(told, wording)
    case 'plan_chosen':
      return { title: t('seat.entry.plan_chosen', { name: inEnglish(told.name, told.nameEnglish) }), detail: '' }
    case 'forwarded':
      return { title: t('forwarding.entry.forwarded', { centre: told.centre }), detail: joined(t(`forwarding.why.${told.why}`), told.reason) }
    case 'forward_answered':
      return { title: t('forwarding.entry.answered', { centre: told.centre, state: t(`forwarding.state.${told.state}`) }), detail: joined(told.again && told.state === 'unknown' ? t('forwarding.again') : '', told.error && forwardError(told.error, wording)) }
    case 'forward_accepted':
      return { title: t('forwarding.entry.accepted', { centre: told.centre, name: told.by }), detail: joined(t(`forwarding.how.${told.how}`), told.note) }
    case 'sent':
      return { title: told.name ? t('sending.entry.sent_to', { name: wording.staffName(told.name) }) : t('sending.entry.sent'), detail: joined(told.practice ? t('sending.practice_said') : '', told.what, told.hazards) }
    case 'field':
      return fieldText(told, entry.at, wording)
    case 'call_ended':
      return { title: t('seat.entry.call_ended'), detail: callEndText(told, wording) }
    case 'other':
      return { title: code('entry', told.code), detail: told.note }
  }
}

/** Who has rung the number of a key, and when, where this server was away. */
export function rangText(rang: ByTelephone, late: boolean, { t, clock, inEnglish }: Wording): string {
  const number = rang.number ? spokenPhone(rang.number) : t('seat.key_call.withheld')
  const relation = inEnglish(rang.relation, rang.relation_en)
  return joined(
    rang.contact ? t('seat.key_call.rang_for', { name: inEnglish(rang.contact, null), relation, number }) : t('seat.key_call.rang', { number }),
    late ? t('seat.key_call.late', { time: clock(rang.at, false) }) : '',
  )
}

/** Q.850, as far as an operator can do anything with it; a code without words stands as it is. */
const KNOWN_CAUSES: ReadonlySet<number> = new Set([16, 17, 19, 21, 34, 127])

function callEndText(told: Extract<Told, { kind: 'call_ended' }>, { t, operator }: Wording): string {
  const name = operator(told.by, told.byName)
  const spoken = told.talkedS === null ? '' : t('seat.key_call.spoke', { name: name || t('seat.key_call.somebody'), s: told.talkedS })
  const unknown = told.answered ? t('seat.key_call.answered_elsewhere') : t('seat.key_call.nobody')
  const why = told.cause === null ? '' : KNOWN_CAUSES.has(told.cause) ? t(`seat.key_call.cause_${told.cause}`) : t('seat.key_call.cause', { code: told.cause })
  return joined(t('seat.key_call.rang_for_s', { s: told.rangS }), spoken || unknown, why)
}

/** Later than a minute after it happened is worth saying: a phone had no network. */
const HEARD_LATE_MS = 60_000
const KNOWN_REASONS: ReadonlySet<string> = new Set(['incident_closed', 'still_there', 'reached', 'no_answer'])

function fieldText(told: Extract<Told, { kind: 'field' }>, at: string, wording: Wording): EntryText {
  const { t, clock } = wording
  const late = told.happenedAt && Date.parse(at) - Date.parse(told.happenedAt) > HEARD_LATE_MS
  const detail = joined(
    told.eta ? t('sending.entry.there_at', { time: clock(told.eta, false) }) : told.minutes !== null ? t('sending.entry.about', { n: told.minutes }) : '',
    KNOWN_REASONS.has(told.reason) ? t(`sending.because.${told.reason}`) : told.reason,
    late ? t('sending.entry.at', { time: clock(told.happenedAt, false) }) : '',
    told.doer ? t('sending.entry.by', { name: wording.staffName(told.doer) }) : '',
  )
  return { title: t(`sending.entry.${told.step}`, { name: wording.staffName(told.name) || t('sending.entry.somebody') }), detail }
}

function stepText(told: Extract<Told, { kind: 'step' }>, name: string, wording: Wording): EntryText {
  const { t, code } = wording
  const result = code('result', told.result)
  const detail = joined(told.reference ? t('seat.entry.reference', { number: told.reference }) : '', safeText(told.by, told.where, wording), told.note)
  if (told.step === 'contact_called') return { title: t('seat.entry.step_contact', { name, result }), detail }
  return { title: t('seat.entry.step', { step: code('step', told.step), result }), detail }
}

/** Steps of the escalation, by name; nothing where there are none. */
const stepsText = (key: 'passed' | 'spared', steps: readonly string[], { t }: Wording) =>
  steps.length ? t(`seat.entry.${key}`, { steps: steps.map((step) => t(`seat.entry.ladder.${step}`)).join(t('seat.and')) }) : ''
/** In the words of the plan; what its own words do not say is said by the answer's code. */
function planStepText(told: Extract<Told, { kind: 'plan_step' }>, { t, inEnglish, code }: Wording): EntryText {
  const answer = told.answer !== 'back' && told.chosen ? inEnglish(told.chosen, told.chosenEnglish) : code('plan_answer', told.answer)
  return { title: t('seat.entry.plan_step', { text: inEnglish(told.text, told.textEnglish) || code('plan_type', told.type) }), detail: answer }
}

/** Why a centre was not reached or did not take it; a code that this console does not know stands as it is. */
export const forwardError = (error: string, { code }: Wording) => code('forward_error', error)

const dayAndTime = (at: string, { day, clock }: Wording) => `${day(at)} ${clock(at, false)}`
const safeText = (by: string, where: string, { t }: Wording) => (by || where ? t('seat.entry.safe_detail', { by, where }) : '')
const joined = (...parts: string[]) => parts.filter(Boolean).join(' · ')

export interface Stage {
  name: 'stored' | 'seen' | 'sounding' | 'taken'
  at: string | null
  text: string
}

const SECOND_MS = 1_000

/** Stored, then how long after it the alarm was seen, sounding, taken (first ring). */
export function useProofs(incident: () => IncidentView, proofs: () => readonly ProofView[]): ComputedRef<Stage[]> {
  const { t, clock } = useWording()
  const connection = useConnection()
  return computed(() => {
    const opened = incident().opened_at
    const first = (name: ProofView['proof']) => proofs().find((proof) => proof.ring === 1 && proof.proof === name)?.at ?? null
    const after = (at: string | null): string => {
      if (!at) return t('seat.timeline.pending')
      const ms = Math.max(0, Date.parse(at) - Date.parse(opened))
      return ms < 10 * SECOND_MS ? t('seat.timeline.after', { ms }) : t('seat.timeline.after_s', { s: Math.round(ms / SECOND_MS) })
    }
    const stage = (name: Stage['name'], at: string | null): Stage => ({ name, at, text: after(at) })
    const proof = (name: ProofView['proof']): Stage => {
      const at = first(name)
      return at || connection.database ? stage(name, at) : { name, at, text: t('outage.proof') }
    }
    return [
      { name: 'stored', at: opened, text: `${clock(opened)}.${String(Date.parse(opened) % SECOND_MS).padStart(3, '0')}` },
      proof('seen'),
      proof('sounding'),
      stage('taken', incident().taken_at),
    ]
  })
}

/** Who told it, and how: "电话 邻居 139 0000 0077，王同志 记录". */
export function calledText(called: Called, wording: Pick<Wording, 't' | 'operator'>): string {
  const { t, operator } = wording
  const caller = [called.caller, called.phone && spokenPhone(called.phone)].filter(Boolean).join(' ')
  if (called.way === 'lone_worker') return t('sending.lone_worker', { caller })
  return t('seat.by_hand.told', { way: t(`seat.by_hand.way_${called.way}`), caller, user: operator(called.user_id, called.user) })
}
