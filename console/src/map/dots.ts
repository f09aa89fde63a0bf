/** Which dot a home shows. Pure. */

import type { HomeDot, LngLat, RegionMap } from '@/api/places'
import type { IncidentView } from '@/api/wire'

import type { Selected } from './selection'

/** Colour and shape by state: see `dots.css`. `responder` is for people on the way. */
export type DotState = 'calm' | 'silent' | 'following' | 'taken' | 'waiting' | 'responder'

/** What needs a human most comes first. */
const ORDER: readonly DotState[] = ['waiting', 'taken', 'following', 'silent', 'calm']

export interface ActiveDot {
  /** The home, or the incident where the caller is unknown. */
  key: string
  homeId: number | null
  state: 'waiting' | 'taken' | 'following'
  position: LngLat
  label: string
  /** Where the card of the incident says that it is. */
  card: IncidentView['card'] | null
  /** Open alarms at this place. */
  count: number
}

/** A quiet line (green key, technical) leaves the dot as it is: only real alarms colour it. */
function isAlarm(incident: IncidentView): boolean {
  return incident.signal_class === 'alarm' && incident.mode === 'real' && incident.state !== 'closed'
}

/** The dots with an open alarm, the most urgent last so that it lies on top. */
export function activeDots(dots: ReadonlyMap<number, HomeDot>, incidents: readonly IncidentView[]): ActiveDot[] {
  const found = new Map<string, ActiveDot>()
  for (const incident of incidents) {
    if (!isAlarm(incident)) continue
    const home = incident.home_id == null ? undefined : dots.get(incident.home_id)
    const position = placeOf(incident, home)
    if (!position) continue
    const key = keyOf(incident)
    const state = incident.state as ActiveDot['state']
    const known = found.get(key)
    if (known) {
      known.count += 1
      if (ORDER.indexOf(state) < ORDER.indexOf(known.state)) known.state = state
    } else {
      const label = home?.label ?? `#${incident.number}`
      found.set(key, { key, homeId: incident.home_id ?? null, state, position, label, card: incident.card ?? null, count: 1 })
    }
  }
  return [...found.values()].sort((a, b) => ORDER.indexOf(b.state) - ORDER.indexOf(a.state))
}

function placeOf(incident: IncidentView, home: HomeDot | undefined): LngLat | null {
  if (home && isPlace(home.lat, home.lng)) return [home.lng, home.lat]
  return isPlace(incident.lat, incident.lng) ? [incident.lng!, incident.lat!] : null
}

export function isPlace(lat: number | null | undefined, lng: number | null | undefined): boolean {
  return Number.isFinite(lat) && Number.isFinite(lng)
}

/** `unplaced`: of those who call, whom no map can show. */
export type DotCounts = Record<Exclude<DotState, 'responder'> | 'unplaced', number>

/** Every home and every unknown caller is counted once, in the most urgent state; those without a place on the map, too. */
export function countDots(dots: readonly HomeDot[], incidents: readonly IncidentView[], silent: ReadonlySet<number>): DotCounts {
  const counts: DotCounts = { calm: 0, silent: 0, following: 0, taken: 0, waiting: 0, unplaced: 0 }
  const homes = new Map(dots.map((dot) => [dot.home_id, dot]))
  const busy = new Map<string, { state: ActiveDot['state']; placed: boolean }>()
  for (const incident of incidents) {
    if (!isAlarm(incident)) continue
    const state = incident.state as ActiveDot['state']
    const known = busy.get(keyOf(incident))
    const placed = placeOf(incident, incident.home_id == null ? undefined : homes.get(incident.home_id)) !== null
    busy.set(keyOf(incident), { state: known && ORDER.indexOf(known.state) < ORDER.indexOf(state) ? known.state : state, placed: placed || (known?.placed ?? false) })
  }
  for (const { state, placed } of busy.values()) {
    counts[state] += 1
    if (!placed) counts.unplaced += 1
  }
  for (const { home_id } of dots) if (!busy.has(`home-${home_id}`)) counts[silent.has(home_id) ? 'silent' : 'calm'] += 1
  return counts
}

/** Whose alarm it is: a home, or an unknown caller by the incident. */
const keyOf = (incident: IncidentView) => (incident.home_id == null ? incident.id : `home-${incident.home_id}`)

/** The nearest dot within `reach` of a point, both in the units of `at`. */
export function nearestDot<T>(
  items: readonly T[],
  at: (item: T) => { x: number; y: number },
  point: { x: number; y: number },
  reach: number,
): T | null {
  let best: T | null = null
  let bestSquare = reach * reach
  for (const item of items) {
    const { x, y } = at(item)
    const square = (x - point.x) ** 2 + (y - point.y) ** 2
    if (square <= bestSquare) {
      best = item
      bestSquare = square
    }
  }
  return best
}

/**
 * Regions whose map may show the selection: from the home's own region upwards. Without a selection: where most homes are,
 * then the seat's own region.
 */
export function regionsToTry(
  selected: Selected | null,
  incidents: readonly IncidentView[],
  dots: ReadonlyMap<number, HomeDot>,
  regionId: number | null,
  pathOf: (regionId: number) => readonly number[],
): number[] {
  const chain = (id: number): number[] => {
    const path = pathOf(id)
    return path.length ? [...path].reverse() : [id]
  }
  const of = selected ? selectedPath(selected, incidents, dots, chain) : []
  if (of.length) return of
  const own = regionId === null ? [] : chain(regionId)
  return [...new Set([...mostFrequentRegions(dots.values()).flatMap(chain), ...own])]
}

function selectedPath(
  selected: Selected,
  incidents: readonly IncidentView[],
  dots: ReadonlyMap<number, HomeDot>,
  chain: (id: number) => number[],
): number[] {
  if (selected.homeId === null) return []
  const incident = incidents.find((each) => each.home_id === selected.homeId)
  if (incident?.region_path.length) return [...incident.region_path].reverse()
  const home = dots.get(selected.homeId)
  return home ? chain(home.region_id) : []
}

function mostFrequentRegions(dots: Iterable<HomeDot>): number[] {
  const counts = new Map<number, number>()
  for (const dot of dots) counts.set(dot.region_id, (counts.get(dot.region_id) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 3).map(([id]) => id)
}

/** A region without buildings, basemap and picture is shown as a plain grid. */
export function hasMap(map: RegionMap | null): map is RegionMap {
  return map !== null && (map.buildings.length > 0 || (map.basemap?.features.length ?? 0) > 0 || !!map.picture)
}
