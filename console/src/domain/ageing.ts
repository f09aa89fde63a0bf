/** How long an alarm may wait before it is late: said by colour and by a word. Pure. */
import type { IncidentView } from '@/api/wire'

export type Age = 'fresh' | 'late' | 'overdue'

interface Limits {
  /** Seconds since it came. */
  warning: number
  critical: number
}

/** By priority; 1 is the most urgent. The targets are 90 % taken in 15 s and 95 % in 20 s; at 30 s the duty list is called. */
const LIMITS: Readonly<Record<number, Limits>> = {
  1: { warning: 15, critical: 30 },
  2: { warning: 30, critical: 60 },
}
const OTHERS: Limits = { warning: 60, critical: 180 }

/** A request that nobody has called back to is overdue so long after its time (ms), as the server has it. */
const REQUEST_LATE_MS = 5 * 60_000

type Ageing = Pick<IncidentView, 'state' | 'signal_class' | 'priority' | 'opened_at' | 'follow_due_at' | 'call_back_by' | 'mode'>

/**
 * Of a waiting alarm at `now` (ms), or of a request by its own time; whoever is followed is overdue once the call is due; whatever is
 * taken, or rings nowhere, does not age.
 */
export function ageOf(incident: Ageing, now: number): Age {
  if (incident.state === 'following' && incident.follow_due_at) return Date.parse(incident.follow_due_at) <= now ? 'overdue' : 'fresh'
  if (incident.state === 'waiting' && incident.call_back_by && incident.mode !== 'test') return ageOfRequest(Date.parse(incident.call_back_by), now)
  if (incident.state !== 'waiting' || incident.signal_class !== 'alarm') return 'fresh'
  const waited = (now - Date.parse(incident.opened_at)) / 1_000
  const { warning, critical } = LIMITS[incident.priority] ?? OTHERS
  if (waited >= critical) return 'overdue'
  return waited >= warning ? 'late' : 'fresh'
}

function ageOfRequest(due: number, now: number): Age {
  if (now >= due + REQUEST_LATE_MS) return 'overdue'
  return now >= due ? 'late' : 'fresh'
}
