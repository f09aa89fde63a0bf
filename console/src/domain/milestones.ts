/** What an alarm has come to after it was taken, as the timeline tells it. Pure; the server's `alerts/milestones.py` decides the same. */
import type { IncidentView, TimelineView } from '@/api/wire'

import { readEntry } from './timeline'

export type LaterMilestone = 'first_contact' | 'help_on_site' | 'safe' | 'closed'

export interface Reached {
  name: LaterMilestone
  at: string
}

const CALLS = ['call_back', 'contact_called']
const CAME = ['done', 'reached']

function reachedBy(entry: TimelineView): LaterMilestone | null {
  const told = readEntry(entry)
  if (told.kind === 'reply') return told.meaning === 'yes' && !told.takes ? 'first_contact' : null
  if (told.kind === 'closed') return told.safeBy ? 'safe' : null
  if (told.kind !== 'step') return null
  if (CALLS.includes(told.step)) return told.result === 'reached' ? 'first_contact' : null
  if (!CAME.includes(told.result)) return null
  return told.step === 'help_arrived' ? 'help_on_site' : told.step === 'safe' ? 'safe' : null
}

/** Those that were reached, in the order of their times; `entries` in the order of their numbers. */
export function laterMilestones(incident: IncidentView, entries: readonly TimelineView[]): Reached[] {
  const first = new Map<LaterMilestone, string>()
  for (const entry of entries) {
    const name = reachedBy(entry)
    if (name && !first.has(name)) first.set(name, entry.at)
  }
  if (incident.closed_at) first.set('closed', incident.closed_at)
  return [...first].map(([name, at]) => ({ name, at })).sort((a, b) => a.at.localeCompare(b.at))
}
