/** What the timeline says. The only place that looks into the data of its entries. Pure. */
import type { ByTelephone, Called, TimelineView } from '@/api/wire'

type Entry = TimelineView

/** What an entry tells, by its kind; codes and names as registered, in no language. */
export type Told =
  | { kind: 'opened' | 'joined'; signal: string; text: string; called: Called | null; real: boolean; telephoned?: ByTelephone; late?: true }
  | { kind: 'step'; step: string; result: string; by: string; where: string; note: string; reference: string }
  | { kind: 'note'; text: string }
  | { kind: 'reply'; meaning: 'yes' | 'no' | 'other'; text: string; unverified: boolean; takes: boolean }
  | { kind: 'offered'; to: number | null; name: string }
  | { kind: 'reassigned'; to: number | null; name: string; from: string; reason: string }
  | { kind: 'archived'; file: string }
  | { kind: 'assigned' }
  | { kind: 'recognised'; partOf: number | null }
  | { kind: 'unassigned'; reason: string }
  | { kind: 'told'; names: string[]; message: string; byItself: boolean }
  | { kind: 'telling_ended'; reason: string }
  | { kind: 'taken'; from: string; spared: readonly string[] }
  | { kind: 'following'; until: string }
  | { kind: 'follow_up'; late: boolean }
  | { kind: 'duty_told'; numbers: number; passed: readonly string[] }
  | { kind: 'escalated'; step: string; reached: number; passed: readonly string[]; over: boolean }
  | { kind: 'closed'; outcome: string; safeBy: string; safeWhere: string; note: string; wanted: string }
  | { kind: 'wanted'; wanted: string; passedTo: string; until: string; note: string }
  | { kind: 'request_due'; late: boolean }
  | { kind: 'plan_waited'; text: string; textEnglish: string }
  | { kind: 'plan_step'; type: string; answer: string; text: string; textEnglish: string; chosen: string; chosenEnglish: string }
  | { kind: 'plan_chosen'; name: string; nameEnglish: string }
  | { kind: 'forwarded'; centre: string; why: string; reason: string }
  | { kind: 'forward_answered'; centre: string; state: string; error: string; again: boolean }
  | { kind: 'forward_accepted'; centre: string; by: string; how: string; note: string }
  | { kind: 'sent'; name: string; what: string; hazards: string; practice: boolean }
  | { kind: 'field'; step: string; name: string; doer: string; happenedAt: string; minutes: number | null; eta: string; reason: string }
  | { kind: 'call_ended'; cause: number | null; rangS: number; talkedS: number | null; by: number | null; byName: string; answered: boolean }
  | { kind: 'other'; code: string; note: string }

/** Kinds that this console does not tell in words of their own, or does not know, are `other`: a newer server may write more. */
export function readEntry(entry: Entry): Told {
  switch (entry.kind) {
    case 'opened':
    case 'joined':
      return {
        kind: entry.kind,
        signal: entry.data.kind,
        text: entry.data.text ?? '',
        called: entry.data.called ?? null,
        real: entry.kind === 'joined' && (entry.data.real ?? false),
        ...(entry.data.telephoned ? { telephoned: entry.data.telephoned } : {}),
        ...(entry.data.telephoned && entry.data.flags.includes('late') ? { late: true } : {}),
      }
    case 'step': {
      const { step, result, by, where, note, reference } = entry.data
      return { kind: 'step', step, result, by: by ?? '', where: where ?? '', note, reference: reference ?? '' }
    }
    case 'note':
      return { kind: 'note', text: entry.data.text }
    case 'reply': {
      const { meaning, text, unverified, takes } = entry.data
      return { kind: 'reply', meaning: meaning === 'yes' || meaning === 'no' ? meaning : 'other', text, unverified: unverified ?? false, takes: takes ?? false }
    }
    case 'offered':
      return { kind: 'offered', to: entry.data.to, name: entry.data.to_name }
    case 'reassigned':
      return { kind: 'reassigned', to: entry.data.to, name: entry.data.to_name, from: entry.data.taken_from ?? '', reason: entry.data.reason }
    case 'archived':
      return { kind: 'archived', file: entry.data.file }
    case 'assigned':
      return { kind: 'assigned' }
    case 'recognised':
      return { kind: 'recognised', partOf: entry.data.part_of ?? null }
    case 'unassigned':
      return { kind: 'unassigned', reason: entry.data.reason }
    case 'told':
      return { kind: 'told', names: [...entry.data.names], message: entry.data.kind, byItself: entry.data.by_itself ?? false }
    case 'telling_ended':
      return { kind: 'telling_ended', reason: entry.data.reason }
    case 'taken':
      return { kind: 'taken', from: entry.data.taken_from ?? '', spared: entry.data.not_made ?? [] }
    case 'following':
      return { kind: 'following', until: entry.data.until ?? '' }
    case 'follow_up':
      return { kind: 'follow_up', late: entry.data.late }
    case 'duty_told':
      return { kind: 'duty_told', numbers: entry.data.numbers, passed: entry.data.passed ?? [] }
    case 'escalated': {
      const { step, reached, passed, over } = entry.data
      return { kind: 'escalated', step, reached, passed, over }
    }
    case 'closed': {
      const { outcome, safe_by, safe_where, note, wanted } = entry.data
      return { kind: 'closed', outcome, safeBy: safe_by ?? '', safeWhere: safe_where ?? '', note, wanted: wanted ?? '' }
    }
    case 'wanted': {
      const { wanted, passed_to, until, note } = entry.data
      return { kind: 'wanted', wanted, passedTo: passed_to, until: until ?? '', note }
    }
    case 'request_due':
      return { kind: 'request_due', late: entry.data.late }
    case 'plan_waited':
      return { kind: 'plan_waited', text: entry.data.text, textEnglish: entry.data.text_en }
    case 'plan_step': {
      const { type, answer, text, text_en, answer_text, answer_text_en } = entry.data
      return { kind: 'plan_step', type, answer, text, textEnglish: text_en, chosen: answer_text, chosenEnglish: answer_text_en }
    }
    case 'plan_chosen':
      return { kind: 'plan_chosen', name: entry.data.name, nameEnglish: entry.data.name_en }
    case 'forwarded':
      return { kind: 'forwarded', centre: entry.data.centre, why: entry.data.why, reason: entry.data.reason }
    case 'forward_answered': {
      const { centre, state, error, again } = entry.data
      return { kind: 'forward_answered', centre, state, error: error ?? '', again }
    }
    case 'forward_accepted': {
      const { centre, by, how, note } = entry.data
      return { kind: 'forward_accepted', centre, by, how, note }
    }
    case 'sent': {
      const { task_id, staff, what, hazards } = entry.data
      return { kind: 'sent', name: staff, what, hazards, practice: task_id === null }
    }
    case 'field': {
      const { step, staff, doer, happened_at, minutes, eta, reason } = entry.data
      return { kind: 'field', step, name: staff, doer: doer === staff ? '' : doer, happenedAt: happened_at ?? '', minutes, eta: eta ?? '', reason }
    }
    case 'call_ended': {
      const { cause, rang_s, talked_s, answered_by, answered_by_name, answered } = entry.data
      return { kind: 'call_ended', cause: cause ?? null, rangS: rang_s, talkedS: talked_s ?? null, by: answered_by ?? null, byName: answered_by_name ?? '', answered }
    }
    case 'page_opened':
      return { kind: 'other', code: 'page_opened', note: entry.data.name ?? '' }
    case 'voice_called': {
      const { step, name, key } = entry.data
      return { kind: 'other', code: `voice_called_${step}`, note: [name, key].filter(Boolean).join(' · ') }
    }
    case 'not_written':
      return { kind: 'other', code: entry.data.command === 'text' ? 'text_left' : 'not_written', note: entry.data.note }
    default:
      return { kind: 'other', code: entry.kind, note: '' }
  }
}

/** Whom an entry is about: ids where they are known, else the name that it carries. */
export interface Concerned {
  contactId: number | null
  residentId: number | null
  name: string
}

const NOBODY: Concerned = { contactId: null, residentId: null, name: '' }

export function concernedIn(entry: Entry): Concerned {
  switch (entry.kind) {
    case 'step':
      return { ...NOBODY, contactId: entry.data.contact_id, name: entry.data.contact_name ?? '' }
    case 'reply':
      return { ...NOBODY, contactId: entry.data.contact_id, name: entry.data.name ?? '' }
    case 'assigned':
    case 'unassigned':
    case 'recognised':
      return { ...NOBODY, residentId: entry.data.resident_id, name: entry.data.name }
    case 'offered':
      return { ...NOBODY, name: entry.data.to_name }
    case 'taker_lost':
      return { ...NOBODY, name: entry.data.name ?? '' }
    default:
      return NOBODY
  }
}

/** The order of a supervisor by which an incident came to its taker; null once anything has rung since. */
export function givenBy(entries: readonly Entry[]): { entry: Entry; reason: string } | null {
  const last = entries.filter(({ kind }) => kind === 'reassigned' || kind === 'joined' || kind === 'taken' || kind === 'follow_up').at(-1)
  return last?.kind === 'reassigned' ? { entry: last, reason: last.data.reason } : null
}

/** Who an unknown caller is taken for at this seat's word; null where nobody was, or it was taken back. */
export function assignedTo(entries: readonly Entry[]): Concerned | null {
  const last = entries.filter((entry) => entry.kind === 'assigned' || entry.kind === 'unassigned').at(-1)
  return last?.kind === 'assigned' ? concernedIn(last) : null
}

export interface Done {
  count: number
  /** Of the latest. */
  at: string
  result: string
  by: string
  where: string
}

/** Steps by kind, the latest result of each. */
export function stepsDone(entries: readonly Entry[]): ReadonlyMap<string, Done> {
  const done = new Map<string, Done>()
  for (const entry of entries) {
    const told = readEntry(entry)
    if (told.kind !== 'step') continue
    const { step, result, by, where } = told
    done.set(step, { count: (done.get(step)?.count ?? 0) + 1, at: entry.at, result: result || 'done', by, where })
  }
  return done
}

export interface Call {
  at: string
  result: string
  /** Tries, this one among them. */
  count: number
}

/** The last call to each contact. */
export function contactCalls(entries: readonly Entry[]): ReadonlyMap<number, Call> {
  const calls = new Map<number, Call>()
  for (const entry of entries) {
    const told = readEntry(entry)
    const { contactId } = concernedIn(entry)
    if (told.kind === 'step' && told.step === 'contact_called' && contactId !== null) calls.set(contactId, { at: entry.at, result: told.result, count: (calls.get(contactId)?.count ?? 0) + 1 })
  }
  return calls
}

/** The last answer of each contact. */
export function contactReplies(entries: readonly Entry[]): ReadonlyMap<number, 'yes' | 'no' | 'other'> {
  const replies = new Map<number, 'yes' | 'no' | 'other'>()
  for (const entry of entries) {
    const told = readEntry(entry)
    const { contactId } = concernedIn(entry)
    if (told.kind === 'reply' && contactId !== null) replies.set(contactId, told.meaning)
  }
  return replies
}
