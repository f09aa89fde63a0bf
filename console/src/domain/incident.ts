/** What an incident asks of a seat. Pure. */
import type { IncidentView } from '@/api/wire'

/** One ring of one incident. */
export const ringKey = (incident: { id: string; ring: number }) => `${incident.id}:${incident.ring}`

/** Green key and technical lines stay quiet; an alarm rings at every seat on duty until somebody takes it. */
export function ringsForAll(incident: IncidentView): boolean {
  return incident.signal_class === 'alarm' && incident.state === 'waiting' && incident.mode !== 'test'
}

/** An own alarm that was pressed again since its operator has last acted on it. `noticed` holds ring keys. */
export function ringsAgain(incident: IncidentView, userId: number | null, noticed: ReadonlySet<string>): boolean {
  return incident.state !== 'closed' && incident.signal_class === 'alarm' && incident.mode !== 'test' && incident.taken_by === userId && !noticed.has(ringKey(incident))
}
