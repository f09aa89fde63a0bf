/** Timeline entries in words, and the proofs of delivery with their times. */
import { computed, type ComputedRef } from 'vue'

import type { IncidentView, ProofView, TimelineView } from '@/api/wire'

import { useWording } from './wording'

type Wording = ReturnType<typeof useWording>

export interface EntryText {
  title: string
  detail: string
}

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

/** `contact` is the name of the contact concerned, where it is known here. */
export function entryText(entry: TimelineView, wording: Wording, contact = ''): EntryText {
  const { t, code, operator } = wording
  const known = contact || personOf(entry.data, wording)
  const name = known || t('seat.entry.someone')
  switch (entry.kind) {
    case 'opened':
    case 'joined':
      return { title: t(`seat.entry.${entry.kind}`, { kind: code('kind', entry.data.kind) }), detail: entry.data.text ?? '' }
    case 'step':
      return stepText(entry.data, name, wording)
    case 'note':
      return { title: t('seat.entry.note'), detail: entry.data.text }
    case 'reply':
      return { title: replyTitle(entry.data, name, wording), detail: '' }
    case 'offered':
      return { title: t('seat.entry.offered', { name: operator(Number(entry.data.to), entry.data.to_name) || name }), detail: '' }
    case 'assigned':
      return { title: t(`seat.entry.${entry.kind}`, { name }), detail: '' }
    case 'told': {
      const names = entry.data.names.join(t('seat.and'))
      return { title: names ? t('seat.entry.told', { name: names }) : t('seat.entry.told_many'), detail: code('sms.kind', entry.data.kind) }
    }
    case 'taken':
      return { title: t('seat.entry.taken'), detail: entry.data.taken_from ? t('seat.entry.taken_from', { name: entry.data.taken_from }) : '' }
    case 'closed':
      return { title: t('seat.entry.closed', { outcome: code('outcome', entry.data.outcome) }), detail: closingDetail(entry.data, wording) }
    default:
      return { title: code('entry', entry.kind), detail: '' }
  }
}

function personOf(data: Record<string, unknown>, { inEnglish }: Wording): string {
  const plain = text(data.name) || text(data.contact_name) || text(data.to_name) || text(data.resident_name)
  return inEnglish(plain, text(data.name_latin) || text(data.name_en) || text(data.contact_name_latin))
}

function stepText(data: Record<string, unknown>, name: string, wording: Wording): EntryText {
  const { t, code } = wording
  const result = code('result', text(data.result))
  const safe = data.by || data.where ? t('seat.entry.safe_detail', { by: text(data.by), where: text(data.where) }) : ''
  const detail = [safe, text(data.note)].filter(Boolean).join(' · ')
  if (data.step === 'contact_called') return { title: t('seat.entry.step_contact', { name, result }), detail }
  return { title: t('seat.entry.step', { step: code('step', text(data.step)), result }), detail }
}

function replyTitle(data: Record<string, unknown>, name: string, { t }: Wording): string {
  if (data.meaning === 'yes') return t('seat.entry.reply_yes', { name })
  if (data.meaning === 'no') return t('seat.entry.reply_no', { name })
  return t('seat.entry.reply_other', { name, text: text(data.text) })
}

function closingDetail(data: Record<string, unknown>, { t }: Wording): string {
  const safe = data.safe_by ? t('seat.entry.safe_detail', { by: text(data.safe_by), where: text(data.safe_where) }) : ''
  return [safe, text(data.note)].filter(Boolean).join(' · ')
}

export interface Stage {
  name: 'stored' | 'seen' | 'sounding' | 'taken'
  at: string | null
  text: string
}

const SECOND_MS = 1_000

/** Stored, then how long after it the alarm was seen, sounding, taken (first ring). */
export function useProofs(incident: () => IncidentView, proofs: () => readonly ProofView[]): ComputedRef<Stage[]> {
  const { t, clock } = useWording()
  return computed(() => {
    const opened = incident().opened_at
    const first = (name: ProofView['proof']) => proofs().find((proof) => proof.ring === 1 && proof.proof === name)?.at ?? null
    const after = (at: string | null): string => {
      if (!at) return t('seat.timeline.pending')
      const ms = Math.max(0, Date.parse(at) - Date.parse(opened))
      return ms < 10 * SECOND_MS ? t('seat.timeline.after', { ms }) : t('seat.timeline.after_s', { s: Math.round(ms / SECOND_MS) })
    }
    const stage = (name: Stage['name'], at: string | null): Stage => ({ name, at, text: after(at) })
    return [
      { name: 'stored', at: opened, text: `${clock(opened)}.${String(Date.parse(opened) % SECOND_MS).padStart(3, '0')}` },
      stage('seen', first('seen')),
      stage('sounding', first('sounding')),
      stage('taken', incident().taken_at),
    ]
  })
}
