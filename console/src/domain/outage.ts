/** A time in which the database does not answer, as the beats of the server tell it. Pure. */
import type { ServerMessage } from '@/api/wire'

type Beat = Extract<ServerMessage, { type: 'beat' }>

export interface Outage {
  since: string
  /** It answers again, and what was kept is being written. */
  writing: boolean
  /** What the server has kept and not yet written. */
  kept: number
  /** All that has come to be kept, as far as it was heard of here. */
  all: number
  /** What rings is safe from a power cut; false: devices are not acknowledged, and repeat. */
  disk: boolean
  /** The server has started without the database: people and places are as they were then. */
  asOf: string | null
}

/** An outage of which nothing is left to do. */
export interface Written {
  from: string
  until: string
  count: number
}

/** What a beat makes of the outage that was known before it. */
export function heard(before: Outage | null, beat: Beat): { outage: Outage | null; written: Written | null } {
  if (beat.database && beat.away_since === null) {
    return { outage: null, written: before && { from: before.since, until: beat.now, count: Math.max(before.all, beat.written) } }
  }
  const outage: Outage = {
    since: beat.away_since ?? before?.since ?? beat.now,
    writing: beat.database,
    kept: beat.kept,
    all: (before?.all ?? 0) + Math.max(0, beat.kept - (before?.kept ?? 0)),
    disk: beat.disk,
    asOf: beat.as_of,
  }
  return { outage, written: null }
}
