/** Order and groups of the queue, kept in order while incidents come and go. Pure. */
import type { IncidentView } from '@/api/wire'

import { isPractice, isQuietTest, isRequest, ringsForAll } from './incident'

export type Filter = 'all' | 'waiting' | 'mine'
export type GroupName = 'waiting' | 'mine' | 'drill' | 'others' | 'requests' | 'quiet'

export interface Group {
  name: GroupName
  incidents: readonly IncidentView[]
}

/** Whom I have taken stands on top, however many wait; a drill stands below whatever is real and calls for somebody. */
const SHOWN: Record<Filter, readonly GroupName[]> = {
  all: ['mine', 'waiting', 'drill', 'others', 'requests', 'quiet'],
  waiting: ['waiting', 'drill', 'requests'],
  mine: ['mine', 'waiting', 'drill'],
}

/** What is real before anything practised, the most urgent first, then the oldest. No two incidents are equal: their numbers differ. */
export function byUrgency(a: IncidentView, b: IncidentView): number {
  if (isPractice(a) !== isPractice(b)) return isPractice(a) ? 1 : -1
  if (a.priority !== b.priority) return a.priority - b.priority
  if (a.opened_at !== b.opened_at) return a.opened_at < b.opened_at ? -1 : 1
  return a.number - b.number
}

export function groupOf(incident: IncidentView, userId: number | null): GroupName {
  if (incident.mode === 'drill') return 'drill'
  if (incident.taken_by !== null && incident.taken_by === userId) return 'mine'
  if (incident.offered_to !== null && incident.offered_to === userId) return 'waiting'
  if (isRequest(incident)) return 'requests'
  if (incident.signal_class !== 'alarm' || isQuietTest(incident)) return 'quiet'
  return incident.state === 'waiting' ? 'waiting' : 'others'
}

/** Where `incident` stands in an ordered list, or would stand. */
export function placeIn(ordered: readonly IncidentView[], incident: IncidentView): number {
  let low = 0
  let high = ordered.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (byUrgency(ordered[middle]!, incident) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Open incidents by group. A change moves one incident by two searches: ten thousand others are not sorted again. */
export class Queue {
  private readonly byId = new Map<string, IncidentView>()
  private readonly members: Record<GroupName, IncidentView[]> = { waiting: [], mine: [], drill: [], others: [], requests: [], quiet: [] }
  private readonly ringing: IncidentView[] = []

  constructor(readonly userId: number | null) {}

  get size(): number {
    return this.byId.size
  }

  /** A new or changed incident; a closed one leaves. */
  put(incident: IncidentView): void {
    this.remove(incident.id)
    if (incident.state === 'closed') return
    this.byId.set(incident.id, incident)
    insert(this.members[groupOf(incident, this.userId)], incident)
    if (ringsForAll(incident)) insert(this.ringing, incident)
  }

  remove(id: string): void {
    const known = this.byId.get(id)
    if (!known) return
    this.byId.delete(id)
    takeOut(this.members[groupOf(known, this.userId)], known)
    if (ringsForAll(known)) takeOut(this.ringing, known)
  }

  has(id: string): boolean {
    return this.byId.has(id)
  }

  all(): IterableIterator<IncidentView> {
    return this.byId.values()
  }

  /** Alarms that nobody has taken, the most urgent first. */
  waiting(): readonly IncidentView[] {
    return this.ringing
  }

  group(name: GroupName): readonly IncidentView[] {
    return this.members[name]
  }

  /** Groups in their order, empty ones left out. Waiting alarms show under every filter: none may be filtered away. */
  groups(filter: Filter): Group[] {
    return SHOWN[filter].map((name) => ({ name, incidents: this.members[name] })).filter(({ incidents }) => incidents.length > 0)
  }
}

function insert(ordered: IncidentView[], incident: IncidentView): void {
  ordered.splice(placeIn(ordered, incident), 0, incident)
}

function takeOut(ordered: IncidentView[], incident: IncidentView): void {
  ordered.splice(placeIn(ordered, incident), 1)
}
