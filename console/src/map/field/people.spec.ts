import { expect, it } from 'vitest'

import { answer, person } from '@/testing/field'

import { after, ageOf, inOrder, isOld, legible, OLD_S, shapeOf } from './people'

const NOW = Date.parse('2026-03-14T09:00:00Z')

it('takes changes, and forgets everybody else with a whole answer', () => {
  const known = after(new Map(), answer({ whole: true, dots: [person(1), person(2), person(3)] }))
  const changed = after(known, answer({ dots: [person(2, { lat: 41 })], gone: [3] }))
  expect([...changed.keys()]).toEqual([1, 2])
  expect(changed.get(2)!.lat).toBe(41)
  expect([...after(changed, answer({ whole: true, dots: [person(4)] })).keys()]).toEqual([4])
})

it('is hollow after five minutes, without a position, and while the server says nothing', () => {
  const at = (seconds: number) => NOW + seconds * 1_000
  expect(isOld(person(1), at(OLD_S - 1), false)).toBe(false)
  expect(isOld(person(1), at(OLD_S), false)).toBe(true)
  expect(isOld(person(1), at(0), true)).toBe(true)
  expect(isOld(person(1, { at: null }), at(0), false)).toBe(true)
  expect(ageOf(person(1), at(-9))).toBe(0)
})

it('tells by the shape what somebody is', () => {
  expect([['caregiver'], ['driver'], ['volunteer'], ['nurse', 'volunteer'], ['grid_worker'], ['key_holder'], []].map(shapeOf)).toEqual(
    ['disc', 'square', 'triangle', 'cross', 'pentagon', 'diamond', 'diamond'],
  )
})

it('lists who does something first', () => {
  const [idle, busy, lost] = [person(1), person(2, { task_kind: 'visit' }), person(3, { at: null, lat: null, lng: null })]
  expect(inOrder([lost, idle, busy]).map((each) => each.staff_id)).toEqual([2, 1, 3])
})

it('lets no caption run into another', () => {
  const boxes = [{ x: 0, y: 0, width: 100 }, { x: 50, y: 8, width: 100 }, { x: 50, y: 30, width: 100 }, { x: 101, y: 0, width: 20 }]
  expect(legible(boxes)).toEqual([true, false, true, true])
})
