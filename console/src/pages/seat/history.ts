/** What the timeline says has been done. Pure. */
import type { StepEntry, TimelineView } from '@/api/wire'

export interface Done {
  count: number
  last: StepEntry
  result: string
}

/** Steps by kind, the latest result of each. */
export function stepsDone(entries: readonly TimelineView[]): ReadonlyMap<string, Done> {
  const done = new Map<string, Done>()
  for (const entry of entries) {
    if (entry.kind !== 'step') continue
    const kind = entry.data.step
    done.set(kind, { count: (done.get(kind)?.count ?? 0) + 1, last: entry, result: entry.data.result })
  }
  return done
}

/** The last call to each contact. */
export function contactCalls(entries: readonly TimelineView[]): ReadonlyMap<number, StepEntry> {
  const calls = new Map<number, StepEntry>()
  for (const entry of entries) {
    if (entry.kind === 'step' && entry.data.step === 'contact_called' && typeof entry.data.contact_id === 'number') calls.set(entry.data.contact_id, entry)
  }
  return calls
}

/** The last answer of each contact: yes, no or other. */
export function contactReplies(entries: readonly TimelineView[]): ReadonlyMap<number, string> {
  const replies = new Map<number, string>()
  for (const entry of entries) {
    if (entry.kind === 'reply' && typeof entry.data.contact_id === 'number') replies.set(entry.data.contact_id, entry.data.meaning)
  }
  return replies
}
