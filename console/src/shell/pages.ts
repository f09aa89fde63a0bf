/** The pages of the main menu, by area: what a role may not use is not there, and neither is an area without a page. */
import { computed } from 'vue'
import { useRouter, type RouteRecordNormalized } from 'vue-router'

import { useSession, type Action } from '@/stores/session'

/** Names of routes in the order in which they stand. A new page is its name here, beside its route. */
export const AREAS = {
  seat: ['seat'],
  calls: ['calls', 'incidents', 'emergency'],
  dispatch: [],
  services: [],
  records: ['residents', 'places', 'organisations', 'drawing', 'import', 'doubles'],
  money: [],
  figures: ['live'],
  manage: ['checklist', 'users', 'regions', 'team', 'policies', 'plans', 'devices', 'sources', 'strangers', 'gateways', 'site', 'unread', 'tests', 'drills', 'walls', 'audit', 'proof'],
} as const satisfies Record<string, readonly string[]>

export type AreaName = keyof typeof AREAS

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

/** Where somebody begins. */
export function landingOf(areas: readonly Area[], may: May): string {
  const pages = areas.flatMap((area) => area.pages)
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
