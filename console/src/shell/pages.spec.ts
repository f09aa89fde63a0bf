import { describe, expect, it } from 'vitest'

import { router } from '@/router'
import type { Action } from '@/stores/session'

import { AREAS, areasOf, GROUPS, groupsOf, landingOf, type AreaName } from './pages'

const routes = router.getRoutes()
const listed = Object.values(AREAS).flat() as string[]

/** As the server grants them (auth/permissions.py). */
const RIGHTS: Record<string, readonly Action[]> = {
  operator: ['see_incidents', 'work_incidents', 'see_profiles', 'break_glass', 'see_field', 'book_tasks'],
  dispatcher: ['see_incidents', 'work_incidents', 'see_profiles', 'see_field', 'dispatch', 'book_tasks'],
  grid_worker: ['see_incidents', 'see_profiles', 'edit_residents'],
  community_worker: ['see_incidents', 'see_profiles', 'edit_residents', 'import_residents', 'manage_devices'],
  administrator: ['see_profiles', 'edit_residents', 'import_residents', 'manage_users', 'see_figures'],
  official: ['see_figures'],
  auditor: ['read_audit', 'prove'],
  responder: [],
}
const mayOf = (role: string) => (action: Action) => RIGHTS[role]!.includes(action)
const areasFor = (role: string) => areasOf(routes, mayOf(role))
const landing = (role: string) => landingOf(areasFor(role), mayOf(role))

describe('the areas', () => {
  it('name every page of the menu, once', () => {
    const inMenu = routes.filter(({ meta }) => meta.nav).map(({ name }) => String(name))
    expect(inMenu.filter((name) => !listed.includes(name))).toEqual([])
    expect(new Set(listed).size).toBe(listed.length)
  })

  it('are absent where the role has no page in them', () => {
    expect(areasFor('operator').map(({ name }) => name)).toEqual(['seat', 'calls', 'dispatch', 'records'])
    expect(areasFor('official').map(({ name }) => name)).toEqual(['figures'])
    expect(areasFor('responder')).toEqual([])
  })

  it('hold only what the role may use', () => {
    for (const role of Object.keys(RIGHTS))
      for (const { meta } of areasFor(role).flatMap(({ pages }) => pages)) expect(!meta.action || mayOf(role)(meta.action), role).toBe(true)
  })
})

describe('the groups of an area', () => {
  const manage = (role: string) => groupsOf(areasFor(role).find(({ name }) => name === 'manage')!)

  it('hold no page twice, and none of another area', () => {
    for (const [area, groups] of Object.entries(GROUPS)) {
      const held = Object.values(groups).flat()
      expect(new Set(held).size, area).toBe(held.length)
      expect(held.filter((name) => !(AREAS[area as AreaName] as readonly string[]).includes(name)), area).toEqual([])
    }
  })

  it('are absent where the role has no page in them', () => {
    expect(manage('auditor').map(({ name }) => name)).toEqual(['watching'])
    expect(manage('community_worker').map(({ name }) => name)).not.toContain('people')
  })

  it('take in a page that has none, in the last', () => {
    const stray = { ...routes[0]!, name: 'stray' }
    expect(groupsOf({ name: 'manage', pages: [stray] })).toEqual([{ name: 'watching', pages: [stray] }])
    expect(groupsOf({ name: 'calls', pages: [stray] })).toEqual([{ name: '', pages: [stray] }])
  })
})

describe('the first page', () => {
  it('of who works alarms is the seat, and of who sends people their desk', () => expect([landing('operator'), landing('dispatcher')]).toEqual(['/', '/desk']))

  it.each(['grid_worker', 'community_worker'])('of a %s is their community', (role) => expect(['/places', '/residents']).toContain(landing(role)))

  it.each([['official', '/live'], ['auditor', '/audit'], ['responder', '/start']])('of a %s is %s', (role, path) => expect(landing(role)).toBe(path))
})
