/** Cuts what is too long for one turn of the page, so that a key is answered between two slices. Pure. */
import type { IncidentView, ServerMessage } from '@/api/wire'
import { ringsForAll } from '@/domain/incident'

/** A message, or a slice of a snapshot of which more follow. */
export interface Slice {
  message: ServerMessage
  more: boolean
}

/** Applied and drawn in a few milliseconds on an old PC. */
export const SLICE = 250

/** Who waits for somebody comes first; nothing is left out, and nothing changes its place against a later message. */
export function slicesOf(message: ServerMessage): Slice[] {
  if (message.type !== 'snapshot' && message.type !== 'incidents') return [{ message, more: false }]
  if (message.incidents.length <= SLICE) return [{ message, more: false }]
  const parts = cut(waitingFirst(message.incidents))
  return parts.map((incidents, index) => {
    const first = index === 0
    if (message.type === 'incidents') return { message: { ...message, incidents, entries: first ? message.entries : [] }, more: false }
    return { message: { ...message, incidents }, more: index < parts.length - 1 }
  })
}

function waitingFirst(incidents: readonly IncidentView[]): IncidentView[] {
  return [...incidents.filter(ringsForAll), ...incidents.filter((incident) => !ringsForAll(incident))]
}

function cut(incidents: readonly IncidentView[]): IncidentView[][] {
  const parts: IncidentView[][] = []
  for (let start = 0; start < incidents.length; start += SLICE) parts.push(incidents.slice(start, start + SLICE))
  return parts
}
