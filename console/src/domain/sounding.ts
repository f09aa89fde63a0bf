/** What this seat should sound right now. Pure. */
import type { IncidentView, Rung, SeatView } from '@/api/wire'

import { isLateRequest, isPractice, ringsAgain, ringsAt, ringsForAll } from './incident'

/** In the order of their weight. */
export type Tone = 'link' | 'alarm' | 'rejoined' | 'offer' | 'request'

export interface Situation {
  /** All that are open, but for what does not ring. */
  incidents: readonly IncidentView[]
  userId: number | null
  onDuty: boolean
  linkLost: boolean
  /** Who is connected, on duty or not. */
  seats: readonly Pick<SeatView, 'user_id' | 'armed' | 'region_ids' | 'state'>[]
  /** This operator has a pause: others are called first. */
  paused: boolean
  /** Rings of own incidents that the operator has already noticed: `id:ring`. */
  noticed: ReadonlySet<string>
}

export interface Decision {
  tone: Tone | null
  /** Softer while the operator has somebody on the line, and each alarm is heard in full by a colleague who has nobody. */
  soft: boolean
  /** What the tone stands for, reported as `sounding` while it plays. */
  rung: Rung[]
}

/** While anything real calls for this operator, nothing practised is heard. */
export function decide(situation: Situation): Decision {
  const real = decideOn({ ...situation, incidents: situation.incidents.filter((incident) => !isPractice(incident)) })
  return real.tone === null || real.tone === 'link' ? decideOn(situation) : real
}

function decideOn(situation: Situation): Decision {
  if (!situation.onDuty) return { tone: null, soft: false, rung: [] }
  const mine = situation.incidents.filter((incident) => incident.state !== 'closed' && incident.taken_by === situation.userId)
  const waiting = situation.incidents.filter((incident) => ringsForAll(incident) && rings(incident, situation))
  const rejoined = mine.filter((incident) => ringsAgain(incident, situation.userId, situation.noticed))
  const offered = situation.incidents.some((incident) => incident.state !== 'closed' && incident.offered_to === situation.userId)
  const rung = [...waiting, ...rejoined].map(({ id, ring }) => ({ incident_id: id, ring }))
  const soft = mine.some((incident) => incident.state === 'taken') && everyAlarmIsHeard(waiting, situation)
  if (situation.linkLost) return { tone: 'link', soft: false, rung }
  if (rejoined.length) return { tone: 'rejoined', soft: false, rung }
  if (waiting.length) return { tone: 'alarm', soft, rung }
  if (offered) return { tone: 'offer', soft: true, rung }
  return { tone: late(situation, mine) ? 'request' : null, soft: false, rung }
}

/** Where it was offered; in a pause only what was offered to nobody and calls further, or has nobody else to hear it. */
function rings(incident: IncidentView, { userId, paused, seats }: Situation): boolean {
  if (!ringsAt(incident, userId)) return false
  if (!paused || incident.ring_to.length || incident.escalated > 0) return true
  return !awake(seats, userId).some((seat) => sees(seat, incident))
}

/** A request that is late, softly; not to whoever has somebody on the line, or a pause. */
function late({ incidents, paused }: Situation, mine: readonly IncidentView[]): boolean {
  return !paused && !mine.some((incident) => incident.state === 'taken') && incidents.some(isLateRequest)
}

type Colleague = Situation['seats'][number]

const awake = (seats: readonly Colleague[], userId: number | null) =>
  seats.filter((seat) => seat.armed && seat.state !== 'pause' && seat.user_id !== userId)

const sees = (seat: Colleague, incident: IncidentView) => incident.region_path.some((region) => seat.region_ids.includes(region))

/** By colleagues on duty who speak with nobody, and at whom it rings. */
function everyAlarmIsHeard(waiting: readonly IncidentView[], { seats, userId, incidents }: Situation): boolean {
  const busy = new Set(incidents.filter((incident) => incident.state === 'taken').map((incident) => incident.taken_by))
  const free = awake(seats, userId).filter((seat) => !busy.has(seat.user_id))
  const regions = new Set(free.flatMap((seat) => seat.region_ids))
  return waiting.every((incident) => incident.ring_to.length === 0 && incident.region_path.some((region) => regions.has(region)))
}
