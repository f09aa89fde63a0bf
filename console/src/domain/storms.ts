/** Storms: many technical alarms of a kind in one region, as one line. What belongs to one is decided as the server does. Pure. */
import type { IncidentView, StormView } from '@/api/wire'

import { byUrgency } from './queue'

/** So few stand for themselves; and so few that I have taken, however many a storm has. */
const FOLDS_FROM = 2
const MINE_FOLD_FROM = 5

export interface StormLine {
  storm: StormView
  /** Open ones, the oldest first. */
  members: readonly IncidentView[]
  taken: number
  mine: number
}

export interface Folding {
  lines: readonly StormLine[]
  /** Ids of those that have no row of their own. */
  folded: ReadonlySet<string>
}

/** Of the nearest region, and of those the first; null for whatever rings: an alarm never belongs to one. */
export function stormHolding(incident: IncidentView, storms: Iterable<StormView>): StormView | null {
  if (incident.signal_class !== 'technical') return null
  const opened = Date.parse(incident.opened_at)
  let found: StormView | null = null
  for (const storm of storms) {
    if (storm.kind !== incident.kind || storm.mode !== incident.mode || !covers(storm, incident)) continue
    if (opened < Date.parse(storm.since) || (storm.over_at !== null && opened > Date.parse(storm.last_at))) continue
    if (found === null || comesFirst(storm, found)) found = storm
  }
  return found
}

const covers = (storm: StormView, { region_id, region_path }: IncidentView) => storm.region_id === region_id || (storm.below && region_path.includes(storm.region_id))

function comesFirst(a: StormView, b: StormView): boolean {
  if (a.region_path.length !== b.region_path.length) return a.region_path.length > b.region_path.length
  const [since, other] = [Date.parse(a.since), Date.parse(b.since)]
  return since === other ? a.id < b.id : since < other
}

/** What somebody follows, or was offered, is worked by itself. */
const folds = ({ state, offered_to }: IncidentView) => offered_to === null && (state === 'waiting' || state === 'taken')

/** Of the open incidents those that stand in one line, by storm. */
export function foldStorms(incidents: Iterable<IncidentView>, storms: readonly StormView[], userId: number | null): Folding {
  const byStorm = new Map<StormView, IncidentView[]>(storms.map((storm) => [storm, []]))
  if (storms.length)
    for (const incident of incidents) {
      const storm = folds(incident) ? stormHolding(incident, storms) : null
      if (storm) byStorm.get(storm)!.push(incident)
    }
  const lines = [...byStorm].map(([storm, members]) => lineOf(storm, members, userId)).filter(isLine)
  lines.sort((a, b) => (comesFirst(a.storm, b.storm) ? -1 : 1))
  return { lines, folded: new Set(lines.flatMap(({ members }) => members.map(({ id }) => id))) }
}

function lineOf(storm: StormView, all: readonly IncidentView[], userId: number | null): StormLine {
  const isMine = (incident: IncidentView) => userId !== null && incident.taken_by === userId
  const fewAreMine = all.filter(isMine).length < MINE_FOLD_FROM
  const members = fewAreMine ? all.filter((incident) => !isMine(incident)) : all
  return {
    storm,
    members: [...members].sort(byUrgency),
    taken: members.filter(({ state }) => state === 'taken').length,
    mine: members.filter(isMine).length,
  }
}

const isLine = ({ storm, members }: StormLine) => members.length >= FOLDS_FROM || (members.length > 0 && isPending(storm))

/** An order that waits or goes on. */
export const isPending = ({ order }: StormView) => order !== null && (order.state === 'waiting' || order.state === 'running')

/** Seconds in which the order can be taken back; 0: any moment now. */
export const secondsLeft = (dueAt: string, now: number) => Math.max(0, Math.ceil((Date.parse(dueAt) - now) / 1_000))
