/** The pages of the main menu, by area: what a role may not use is not there, and neither is an area without a page. */
import { computed } from 'vue'
import { useRouter, type RouteRecordNormalized } from 'vue-router'

import { useSession, type Action } from '@/stores/session'

/** Names of routes in the order in which they stand. A new page is its name here, beside its route. */
export const AREAS = {
  seat: ['seat'],
  calls: ['calls', 'hotline', 'lines-now', 'incidents', 'emergency'],
  dispatch: ['desk', 'roster', 'rounds', 'phones'],
  services: [],
  records: ['residents', 'places', 'organisations', 'drawing', 'import', 'doubles'],
  money: [],
  figures: ['live', 'call-figures'],
  manage: ['checklist', 'users', 'regions', 'team', 'policies', 'centres', 'plans', 'filing', 'lines', 'devices', 'sources', 'strangers', 'gateways', 'alive', 'site', 'unread', 'tests', 'drills', 'walls', 'audit', 'proof'],
} as const satisfies Record<string, readonly string[]>

export type AreaName = keyof typeof AREAS

/** Where an area has more pages than one finds at a glance: its groups, in the order in which they stand. What is in none stands in the last. */
export const GROUPS: Partial<Record<AreaName, Readonly<Record<string, readonly string[]>>>> = {
  manage: {
    people: ['users', 'team'],
    calling: ['regions', 'policies', 'centres', 'plans', 'filing'],
    devices: ['lines', 'devices', 'sources', 'strangers', 'gateways', 'unread'],
    practice: ['tests', 'drills'],
    watching: ['checklist', 'alive', 'site', 'walls', 'audit', 'proof'],
  },
}

export interface Area {
  name: AreaName
  pages: readonly RouteRecordNormalized[]
}

/** Who watches alarms but works none begins with the people that they look after. */
const BEGINS_IN_THE_COMMUNITY = ['places', 'residents']
/** What is open to a role that has no page. */
const START = '/start'

type May = (action: Action) => boolean

export function areasOf(routes: readonly RouteRecordNormalized[], may: May): Area[] {
  const open = new Map(routes.filter(({ meta }) => meta.nav && (!meta.action || may(meta.action))).map((route) => [String(route.name), route]))
  return (Object.keys(AREAS) as AreaName[])
    .map((name) => ({ name, pages: (AREAS[name] as readonly string[]).flatMap((page) => open.get(page) ?? []) }))
    .filter(({ pages }) => pages.length)
}

export interface Group {
  /** Empty: an area without groups. */
  name: string
  pages: readonly RouteRecordNormalized[]
}

/** Those that hold a page for this role; an area of few pages has one, without a name. */
export function groupsOf({ name, pages }: Area): Group[] {
  const groups = Object.entries(GROUPS[name] ?? {})
  if (!groups.length) return [{ name: '', pages }]
  const placeOf = (page: RouteRecordNormalized) => groups.findIndex(([, names]) => names.includes(String(page.name)))
  const last = groups.length - 1
  return groups
    .map(([group], at) => ({ name: group, pages: pages.filter((page) => placeOf(page) === at || (at === last && placeOf(page) < 0)) }))
    .filter(({ pages: held }) => held.length)
}

/** Where somebody begins: who sends people, and does not lead the room, at their desk. */
export function landingOf(areas: readonly Area[], may: May): string {
  const pages = areas.flatMap((area) => area.pages)
  const desk = pages.find(({ name }) => name === 'desk')
  if (desk && may('dispatch') && !may('manage_escalation')) return desk.path
  const community = may('see_incidents') && !may('work_incidents') ? BEGINS_IN_THE_COMMUNITY : []
  const first = community.flatMap((name) => pages.find((page) => page.name === name) ?? [])[0] ?? pages[0]
  return first?.path ?? START
}

export function useAreas() {
  const router = useRouter()
  const session = useSession()
  return computed(() => areasOf(router.getRoutes(), session.may))
}

/** Those of all areas, one after the other. */
export function usePages() {
  const areas = useAreas()
  return computed(() => areas.value.flatMap((area) => area.pages))
}
