/** The rows of the queue: one for each incident, one for all unknown callers of a storm, none where a storm has them in its line. Pure. */
import type { IncidentView } from '@/api/wire'

import { placeIn, type Group, type GroupName } from './queue'
import type { StormLine } from './storms'

/** So many unknown callers of one kind from one address in one minute are a storm: a broken receiver, or somebody's joke. */
const FOLDS_FROM = 5
const MINUTE = 'yyyy-mm-ddThh:mm'.length

export interface Storm {
  key: string
  peer: string
  /** Whoever stands beneath the first of it; nobody while it is unfolded. */
  beneath: number
}

export interface Rows {
  key: string
  name: GroupName | 'storm'
  /** The line that heads this group: its rows are alarms of one storm. */
  line?: StormLine
  /** All of the group, folded or not. */
  size: number
  /** In their order; of a storm that is folded the first. */
  rows: readonly IncidentView[]
  /** By the id of the first. */
  storms: ReadonlyMap<string, Storm>
}

/** Null: it stands alone, whatever else calls. A known home always does, and whatever somebody has in hand. */
export function stormOf({ home_id, state, signal_class, offered_to, card, kind, opened_at }: IncidentView): string | null {
  const stranger = home_id === null && signal_class === 'alarm' && state === 'waiting' && offered_to === null && card.peer
  return stranger ? `${card.peer} ${kind} ${opened_at.slice(0, MINUTE)}` : null
}

/** `unfolded`: storms that somebody has opened; `kept`: ids that keep their rows, as they are open or under the cursor. */
export function rowsOf({ name, incidents }: Group, unfolded: ReadonlySet<string>, kept: ReadonlySet<string | null>): Rows {
  const storms = stormsIn(incidents)
  if (!storms.size) return { key: name, name, size: incidents.length, rows: incidents, storms: new Map() }
  const found = new Map<string, Storm>()
  const first = new Map<string, Storm>()
  const rows = incidents.filter((incident) => {
    const key = stormOf(incident)
    if (key === null || !storms.has(key)) return true
    const storm = first.get(key)
    if (!storm) {
      const made = { key, peer: incident.card.peer ?? '', beneath: 0 }
      first.set(key, made)
      found.set(incident.id, made)
      return true
    }
    if (unfolded.has(key) || kept.has(incident.id)) return true
    storm.beneath += 1
    return false
  })
  return { key: name, name, size: incidents.length, rows, storms: found }
}

function stormsIn(incidents: readonly IncidentView[]): Set<string> {
  const sizes = new Map<string, number>()
  for (const incident of incidents) {
    const key = stormOf(incident)
    if (key !== null) sizes.set(key, (sizes.get(key) ?? 0) + 1)
  }
  return new Set([...sizes].filter(([, size]) => size >= FOLDS_FROM).map(([key]) => key))
}

/** Groups without what stands in the line of a storm; ids that are `kept` have their row beneath the line. */
export function withoutFolded(groups: readonly Group[], folded: ReadonlySet<string>): Group[] {
  if (!folded.size) return [...groups]
  return groups.map(({ name, incidents }) => ({ name, incidents: incidents.filter(({ id }) => !folded.has(id)) })).filter(({ incidents }) => incidents.length)
}

export function rowsOfLine(line: StormLine, unfolded: ReadonlySet<string>, kept: ReadonlySet<string | null>): Rows {
  const { storm, members } = line
  const rows = unfolded.has(storm.id) ? members : members.filter(({ id }) => kept.has(id))
  return { key: storm.id, name: 'storm', line, size: members.length, rows, storms: new Map() }
}

/** Storms stand after whoever is in somebody's hands and before single lines that do not ring. */
export function withLines(groups: readonly Rows[], lines: readonly Rows[]): Rows[] {
  return [...groups.filter(({ name }) => name !== 'quiet'), ...lines, ...groups.filter(({ name }) => name === 'quiet')]
}

/** The row of an incident, counted through all groups; -1 where it has none. */
export function rowOf(groups: readonly Rows[], incident: IncidentView): number {
  let before = 0
  for (const { rows } of groups) {
    const at = placeIn(rows, incident)
    if (rows[at]?.id === incident.id) return before + at
    before += rows.length
  }
  return -1
}

/** The incident of a row, counted through all groups. */
export function atRow(groups: readonly Rows[], row: number): IncidentView | null {
  let left = row
  for (const { rows } of groups) {
    if (left < rows.length) return rows[left] ?? null
    left -= rows.length
  }
  return null
}

export const countRows = (groups: readonly Rows[]) => groups.reduce((sum, { rows }) => sum + rows.length, 0)
