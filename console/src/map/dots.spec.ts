import { describe, expect, it } from 'vitest'

import type { HomeDot } from '@/api/places'
import type { IncidentView } from '@/api/wire'
import { incident as anIncident } from '@/testing/views'

import { activeDots, countDots, hasMap, nearestDot, regionsToTry } from './dots'
import type { Selected } from './selection'

const home = (home_id: number, region_id = 6): HomeDot => ({ home_id, lat: 40, lng: 104 + home_id / 1000, region_id, label: `home ${home_id}` })
const homes = new Map([1, 2, 3, 4].map((id) => [id, home(id)]))

const incident = (over: Partial<IncidentView> = {}): IncidentView => anIncident({ id: `i${over.home_id ?? 'x'}${over.state ?? ''}`, number: 37, region_id: 6, region_path: [1, 5, 6], home_id: 1, ...over })

const selected = (homeId: number | null): Selected => ({
  homeId, buildingId: null, entrance: '', floor: null, door: '', lat: null, lng: null, address: '', incident: 'a',
})

describe('the dot of a home', () => {
  it.each(['waiting', 'taken', 'following'] as const)('shows %s', (state) => {
    expect(activeDots(homes, [incident({ state })])).toMatchObject([{ key: 'home-1', homeId: 1, state, count: 1, label: 'home 1' }])
  })

  it('is calm again once the incident is closed', () => {
    expect(activeDots(homes, [incident({ state: 'closed' })])).toEqual([])
  })

  it('does not turn red for the green key or a technical message', () => {
    const quiet = [incident({ signal_class: 'service' }), incident({ signal_class: 'technical', home_id: 2 })]
    expect(activeDots(homes, quiet)).toEqual([])
  })

  it('shows what needs a human most when one home has two incidents', () => {
    const both = [incident({ state: 'following' }), incident({ state: 'waiting' }), incident({ state: 'taken' })]
    expect(activeDots(homes, both)).toMatchObject([{ state: 'waiting', count: 3 }])
  })
})

it('lays waiting dots on top of the others', () => {
  const dots = activeDots(homes, [incident(), incident({ home_id: 2, state: 'following' }), incident({ home_id: 3, state: 'taken' })])
  expect(dots.map((dot) => dot.state)).toEqual(['following', 'taken', 'waiting'])
})

it('shows an unknown caller where the signal came from, and not at all without a position', () => {
  const unknown = incident({ home_id: null, id: 'u', lat: 39.9, lng: 104.1 })
  expect(activeDots(homes, [unknown])).toMatchObject([{ key: 'u', homeId: null, position: [104.1, 39.9], label: '#37' }])
  expect(activeDots(homes, [incident({ home_id: null })])).toEqual([])
})

it('counts every home once', () => {
  const open = [incident({ home_id: 1, state: 'following' }), incident({ home_id: 1 }), incident({ home_id: 2, state: 'taken' })]
  expect(countDots([...homes.values()], open, new Set([1, 3]))).toEqual({ waiting: 1, taken: 1, following: 0, silent: 1, calm: 1, unplaced: 0 })
})

it('counts unknown callers, each by itself, and whoever calls from no known place', () => {
  const callers = [incident({ id: 'u1', home_id: null }), incident({ id: 'u2', home_id: null, lat: 39.9, lng: 104.1 }), incident({ id: 'h', home_id: 77 })]
  expect(countDots([...homes.values()], callers, new Set())).toMatchObject({ waiting: 3, calm: 4, unplaced: 2 })
})

it('finds the dot under the pointer, within reach only', () => {
  const items = [{ x: 0, y: 0 }, { x: 10, y: 0 }]
  const at = (item: { x: number; y: number }) => item
  expect(nearestDot(items, at, { x: 7, y: 1 }, 8)).toBe(items[1])
  expect(nearestDot(items, at, { x: 30, y: 0 }, 8)).toBeNull()
})

describe('the region whose map is shown', () => {
  const paths: Record<number, number[]> = { 6: [1, 5, 6], 16: [1, 15, 16] }
  const pathOf = (id: number) => paths[id] ?? []

  it('is looked for from the grid of the open incident upwards', () => {
    const far = incident({ home_id: 4, region_path: [1, 15, 16] })
    expect(regionsToTry(selected(4), [far], homes, 1, pathOf)).toEqual([16, 15, 1])
  })

  it('is that of the home when no incident is open', () => {
    expect(regionsToTry(selected(2), [], homes, 1, pathOf)).toEqual([6, 5, 1])
  })

  it('is that of most homes when nothing is selected, else the own region', () => {
    expect(regionsToTry(null, [], homes, 2, pathOf)).toEqual([6, 5, 1, 2])
    expect(regionsToTry(null, [], new Map(), 2, pathOf)).toEqual([2])
  })

  it('does not change because another alarm comes in', () => {
    const before = regionsToTry(selected(2), [], homes, 1, pathOf)
    const after = regionsToTry(selected(2), [incident({ home_id: 4, region_path: [1, 15, 16] })], homes, 1, pathOf)
    expect(after).toEqual(before)
  })
})

it('takes a region without buildings and basemap for one without a map', () => {
  expect(hasMap(null)).toBe(false)
  expect(hasMap({ basemap: null, buildings: [], points: [] })).toBe(false)
  expect(hasMap({ basemap: { type: 'FeatureCollection', features: [] }, buildings: [], points: [] })).toBe(false)
})
