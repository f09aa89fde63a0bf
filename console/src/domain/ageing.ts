/** How long somebody may wait before a line looks different, for screens that are read across a room. Pure. */
import type { IncidentView } from '@/api/wire'

export type Age = 'fresh' | 'ageing' | 'late'

/** Milliseconds, as the targets of the service level have them. */
const AGEING_MS = 15_000
const LATE_MS = 60_000

/** An alarm that nobody has taken ages; whoever is followed is late once the call is due. Anything else does not. */
export function ageOf(incident: IncidentView, now: number): Age {
  if (incident.follow_due_at && incident.state !== 'closed') return Date.parse(incident.follow_due_at) <= now ? 'late' : 'fresh'
  if (incident.signal_class !== 'alarm' || incident.state !== 'waiting') return 'fresh'
  const waited = now - Date.parse(incident.opened_at)
  return waited > LATE_MS ? 'late' : waited > AGEING_MS ? 'ageing' : 'fresh'
}
