/** How long an alarm may wait before it is late, as the policies of its region say: shown by colour and by a word. Pure. */
import type { AgesView, IncidentView } from '@/api/wire'

export type Age = 'fresh' | 'late' | 'overdue'

/** Every priority of which nothing else is said. */
const ALL = '0'
/** Until the server has said more: the targets are 90 % taken in 15 s and 95 % in 20 s; at 30 s the duty list is called. */
export const UNTOLD: AgesView = { standard: { [ALL]: { warning_s: 15, critical_s: 30 } }, regions: {} }

type Aging = Pick<IncidentView, 'state' | 'signal_class' | 'priority' | 'opened_at' | 'follow_due_at' | 'region_path' | 'call_back_by' | 'mode'>

/** Of the nearest region upwards that says anything of this priority or of all. */
export function limitsOf(ages: AgesView, path: readonly number[], priority: number) {
  for (const region of [...path].reverse()) {
    const said = ages.regions[region]
    const own = said?.[priority] ?? said?.[ALL]
    if (own) return own
  }
  return ages.standard[priority] ?? ages.standard[ALL]!
}

/** A request that nobody has called back to is overdue so long after its time (ms), as the server has it. */
const REQUEST_LATE_MS = 5 * 60_000

/**
 * Of a waiting alarm at `now` (ms), or of a request by its own time; whoever is followed is overdue once the call is due; whatever is
 * taken, or rings nowhere, does not age.
 */
export function ageOf(incident: Aging, now: number, ages: AgesView): Age {
  if (incident.state === 'following' && incident.follow_due_at) return Date.parse(incident.follow_due_at) <= now ? 'overdue' : 'fresh'
  if (incident.state === 'waiting' && incident.call_back_by && incident.mode !== 'test') return ageOfRequest(Date.parse(incident.call_back_by), now)
  if (incident.state !== 'waiting' || incident.signal_class !== 'alarm') return 'fresh'
  const waited = (now - Date.parse(incident.opened_at)) / 1_000
  const { warning_s, critical_s } = limitsOf(ages, incident.region_path, incident.priority)
  if (waited >= critical_s) return 'overdue'
  return waited >= warning_s ? 'late' : 'fresh'
}

function ageOfRequest(due: number, now: number): Age {
  if (now >= due + REQUEST_LATE_MS) return 'overdue'
  return now >= due ? 'late' : 'fresh'
}
