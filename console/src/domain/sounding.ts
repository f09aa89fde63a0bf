/** What this seat should sound right now. Pure. */
import type { IncidentView, Rung } from '@/api/wire'

import { ringsAgain, ringsForAll } from './incident'

/** In the order of their weight. */
export type Tone = 'link' | 'alarm' | 'rejoined' | 'offer'

export interface Situation {
  /** All that are open, but for what does not ring. */
  incidents: readonly IncidentView[]
  userId: number | null
  onDuty: boolean
  linkLost: boolean
  /** Users with a seat on duty. */
  armed: ReadonlySet<number>
  /** Rings of own incidents that the operator has already noticed: `id:ring`. */
  noticed: ReadonlySet<string>
}

export interface Decision {
  tone: Tone | null
  /** Softer while the operator has somebody on the line, and a colleague who has nobody hears it in full. */
  soft: boolean
  /** What the tone stands for, reported as `sounding` while it plays. */
  rung: Rung[]
}

export function decide(situation: Situation): Decision {
  if (!situation.onDuty) return { tone: null, soft: false, rung: [] }
  const mine = situation.incidents.filter((incident) => incident.state !== 'closed' && incident.taken_by === situation.userId)
  const waiting = situation.incidents.filter(ringsForAll)
  const rejoined = mine.filter((incident) => ringsAgain(incident, situation.userId, situation.noticed))
  const offered = situation.incidents.some((incident) => incident.state !== 'closed' && incident.offered_to === situation.userId)
  const rung = [...waiting, ...rejoined].map(({ id, ring }) => ({ incident_id: id, ring }))
  const soft = mine.some((incident) => incident.state === 'taken') && somebodyIsFree(situation)
  if (situation.linkLost) return { tone: 'link', soft: false, rung }
  if (rejoined.length) return { tone: 'rejoined', soft: false, rung }
  if (waiting.length) return { tone: 'alarm', soft, rung }
  return { tone: offered ? 'offer' : null, soft: true, rung }
}

/** A colleague on duty who speaks with nobody. */
function somebodyIsFree({ armed, userId, incidents }: Situation): boolean {
  const busy = new Set(incidents.filter((incident) => incident.state === 'taken').map((incident) => incident.taken_by))
  return [...armed].some((user) => user !== userId && !busy.has(user))
}
