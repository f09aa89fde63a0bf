/** What this seat should sound right now. Pure. */
import type { IncidentView, Rung } from '@/api/wire'

/** In the order of their weight. */
export type Tone = 'link' | 'alarm' | 'rejoined' | 'offer'

export interface Situation {
  incidents: readonly IncidentView[]
  userId: number | null
  onDuty: boolean
  linkLost: boolean
  /** Rings of own incidents that the operator has already noticed: `id:ring`. */
  noticed: ReadonlySet<string>
}

export interface Decision {
  tone: Tone | null
  /** Softer while the operator has somebody on the line: colleagues hear it in full. */
  soft: boolean
  /** What the tone stands for, reported as `sounding` while it plays. */
  rung: Rung[]
}

export const ringKey = (incident: { id: string; ring: number }) => `${incident.id}:${incident.ring}`

export function decide(situation: Situation): Decision {
  if (!situation.onDuty) return { tone: null, soft: false, rung: [] }
  const mine = situation.incidents.filter((incident) => incident.state !== 'closed' && incident.taken_by === situation.userId)
  const waiting = situation.incidents.filter(ringsForAll)
  const rejoined = mine.filter((incident) => incident.signal_class === 'alarm' && !situation.noticed.has(ringKey(incident)))
  const offered = situation.incidents.some((incident) => incident.state !== 'closed' && incident.offered_to === situation.userId)
  const rung = [...waiting, ...rejoined].map(({ id, ring }) => ({ incident_id: id, ring }))
  const soft = mine.some((incident) => incident.state === 'taken')
  if (situation.linkLost) return { tone: 'link', soft: false, rung }
  if (rejoined.length) return { tone: 'rejoined', soft: false, rung }
  if (waiting.length) return { tone: 'alarm', soft, rung }
  return { tone: offered ? 'offer' : null, soft: true, rung }
}

/** Green key and technical lines stay quiet; an alarm rings at every seat on duty until somebody takes it. */
export function ringsForAll(incident: IncidentView): boolean {
  return incident.signal_class === 'alarm' && incident.state === 'waiting'
}
