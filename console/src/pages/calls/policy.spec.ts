import { expect, it } from 'vitest'

import type { CallPolicies, CallPolicy } from '@/api/calls'

import { KINDS, changesOf, draftOf, policyOf, typed, wrongIn, type Typed } from './policy'

const daily: CallPolicy = { pauses_min: [15, 60], horizon_min: 240, after: null }
const chased: CallPolicy = { pauses_min: [1_440, 4_320], horizon_min: 10_080, after: null }
const silent: CallPolicy = { ...chased, after: 3 }
const rolled: CallPolicy = { pauses_min: [10, 30], horizon_min: null, after: null }
const view = { region_id: 1, state: 's', policies: { silent_device: silent }, above: {} } as unknown as CallPolicies

it.each([
  ['well_being', daily, { pauses: '15, 60', horizon: '240', after: '' }],
  ['roll_call', rolled, { pauses: '10, 30', horizon: '', after: '' }],
  ['silent_device', silent, { pauses: '24, 72', horizon: '7', after: '3' }],
  ['press_test', { ...chased, pauses_min: [90] }, { pauses: '1.5', horizon: '7', after: '' }],
] as const)('shows %s in the units that people think in, and reads it back', (kind, policy, shown) => {
  expect(typed(kind, policy as CallPolicy)).toEqual(shown)
  expect(policyOf(kind, shown)).toEqual(policy)
})

it.each(['15,60', '15 60', ' 15、60 ', '15；60', '15，60,'])('reads pauses however they are parted: %s', (pauses) => {
  expect(policyOf('well_being', { pauses, horizon: '240', after: '' }).pauses_min).toEqual([15, 60])
})

it.each<[Partial<Typed>, string | null]>([
  [{}, null], [{ pauses: '' }, null], [{ pauses: '24, soon' }, 'pauses_min'], [{ horizon: '' }, 'horizon_min'], [{ horizon: 'x' }, 'horizon_min'], [{ after: '' }, 'after'],
])('names the field that holds no number: %o', (parts, field) => {
  const draft = { ...draftOf(view), silent_device: { ...typed('silent_device', silent), ...parts } }
  expect(wrongIn(draft)?.field ?? null).toBe(field)
})

it('sends only what differs, and null for what is as above again', () => {
  const draft = draftOf(view)
  expect(Object.keys(draft)).toEqual(KINDS)
  expect(changesOf(view, draft)).toEqual({})
  draft.silent_device = null
  draft.well_being = typed('well_being', { ...daily, pauses_min: [5] })
  expect(changesOf(view, draft)).toEqual({ policies: { silent_device: null, well_being: { ...daily, pauses_min: [5] } } })
})
