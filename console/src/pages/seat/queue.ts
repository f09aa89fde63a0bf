/** Order and groups of the queue. Pure. */
import type { IncidentView } from '@/api/wire'

export type Filter = 'all' | 'waiting' | 'mine'
export type GroupName = 'waiting' | 'mine' | 'others' | 'quiet'

export interface Group {
  name: GroupName
  incidents: IncidentView[]
}

const SHOWN: Record<Filter, readonly GroupName[]> = {
  all: ['waiting', 'mine', 'others', 'quiet'],
  waiting: ['waiting'],
  mine: ['waiting', 'mine'],
}

/** The most urgent first, then the oldest. */
export function byUrgency(a: IncidentView, b: IncidentView): number {
  return a.priority - b.priority || a.opened_at.localeCompare(b.opened_at) || a.number - b.number
}

export function groupOf(incident: IncidentView, userId: number | null): GroupName {
  if (incident.taken_by !== null && incident.taken_by === userId) return 'mine'
  if (incident.offered_to !== null && incident.offered_to === userId) return 'waiting'
  if (incident.signal_class !== 'alarm') return 'quiet'
  return incident.state === 'waiting' ? 'waiting' : 'others'
}

/** Groups in their order, empty ones left out. Waiting alarms show under every filter: none may be filtered away. */
export function groupQueue(incidents: readonly IncidentView[], userId: number | null, filter: Filter): Group[] {
  const groups = new Map<GroupName, IncidentView[]>(SHOWN[filter].map((name) => [name, []]))
  for (const incident of incidents) {
    if (incident.state !== 'closed') groups.get(groupOf(incident, userId))?.push(incident)
  }
  return [...groups]
    .filter(([, members]) => members.length > 0)
    .map(([name, members]) => ({ name, incidents: members.sort(byUrgency) }))
}
