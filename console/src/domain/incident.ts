/** What an incident asks of a seat. Pure. */
import type { IncidentView } from '@/api/wire'

/** One ring of one incident. */
export const ringKey = (incident: { id: string; ring: number }) => `${incident.id}:${incident.ring}`

/** The test alarm of the site is there to be seen and heard; it stands below whatever is real. */
export const isTrial = (incident: IncidentView) => incident.mode === 'test' && incident.card.called?.way === 'trial'

/** A device, home or region in test: shown, and nobody is called. */
export const isQuietTest = (incident: IncidentView) => incident.mode === 'test' && !isTrial(incident)

/** Of nobody in need: a drill, or the test alarm of the site. */
export const isPractice = (incident: IncidentView) => incident.mode === 'drill' || isTrial(incident)

/** An alarm waits until somebody takes it; everybody sees it, wherever it rings. Green key and technical lines stay quiet. */
export function ringsForAll(incident: IncidentView): boolean {
  return incident.signal_class === 'alarm' && incident.state === 'waiting' && !isQuietTest(incident)
}

/** A request for service: quiet, with a time by which whoever asked is called back. */
export const isRequest = (incident: IncidentView) => incident.signal_class === 'service' && incident.mode !== 'test'

/** Nobody has called back in time, and it was said once: from here on it sounds, softly, until somebody takes it. */
export function isLateRequest(incident: IncidentView): boolean {
  return isRequest(incident) && incident.state === 'waiting' && incident.marks.includes('request_late')
}

/** Whether a waiting alarm was offered to this operator, or to everybody. */
export function ringsAt(incident: IncidentView, userId: number | null): boolean {
  return incident.ring_to.length === 0 || (userId !== null && incident.ring_to.includes(userId))
}

/** A supervisor has put it into these hands: it came with a ring of its own. Whoever takes one takes the ring that there is. */
export function isGiven(before: IncidentView | undefined, now: IncidentView, userId: number | null): boolean {
  return before !== undefined && now.taken_by === userId && before.taken_by !== userId && before.ring !== now.ring
}

/** Two incidents of one home, or of one unknown device, and of one class: there is only ever one of them open. */
export function isAboutTheSame(one: IncidentView, other: IncidentView): boolean {
  if (one.signal_class !== other.signal_class) return false
  if (one.home_id !== null || other.home_id !== null) return one.home_id === other.home_id
  return one.identifier !== null && one.identifier === other.identifier && one.source === other.source
}

/** An own alarm that was pressed again since its operator has last acted on it. `noticed` holds ring keys. */
export function ringsAgain(incident: IncidentView, userId: number | null, noticed: ReadonlySet<string>): boolean {
  return incident.state !== 'closed' && incident.signal_class === 'alarm' && incident.mode !== 'test' && incident.taken_by === userId && !noticed.has(ringKey(incident))
}
