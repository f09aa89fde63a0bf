/** What has become of an incident at other centres, by its timeline. A receipt of a machine never reads as a person's word. Pure. */
import type { TimelineView } from '@/api/wire'

export interface Forwarded {
  id: string
  centre: string
  phone: string
  /** `sent` until anything is heard of it. */
  state: string
  error: string
  /** Of what the state says. */
  at: string
  acceptedBy: string
  acceptedHow: string
  acceptedAt: string
}

/** In the order in which they went. */
export function forwardedIn(entries: readonly TimelineView[]): Forwarded[] {
  const found = new Map<string, Forwarded>()
  for (const entry of entries) {
    if (entry.kind === 'forwarded' && entry.data.forwarding_id) {
      const { forwarding_id: id, centre, phone } = entry.data
      found.set(id, { id, centre, phone, state: 'sent', error: '', at: entry.at, acceptedBy: '', acceptedHow: '', acceptedAt: '' })
    }
    if (entry.kind === 'forward_answered') change(found, entry.data.forwarding_id, { state: entry.data.state, error: entry.data.error ?? '', at: entry.at })
    if (entry.kind === 'forward_accepted') change(found, entry.data.forwarding_id, { acceptedBy: entry.data.by, acceptedHow: entry.data.how, acceptedAt: entry.data.accepted_at ?? entry.at })
  }
  return [...found.values()]
}

function change(found: Map<string, Forwarded>, id: string | null, news: Partial<Forwarded>): void {
  const one = id === null ? undefined : found.get(id)
  if (one) found.set(one.id, { ...one, ...news })
}

/** How it looks: only a person who has it is good news. */
export function lookOf(one: Forwarded): 'ok' | 'warn' | 'alarm' {
  if (one.acceptedBy) return 'ok'
  return one.state === 'delivered' || one.state === 'sent' ? 'warn' : 'alarm'
}
