import { describe, expect, it } from 'vitest'

import { idOf, NOW, task } from '@/testing/tasks'
import { groupOf, inOrder, placesOf, signsOf } from './ordering'

const now = Date.parse(NOW)
const minutes = (n: number) => new Date(now + n * 60_000).toISOString()

describe('what a task wants', () => {
  it.each([
    ['unplaced_rescue', { kind: 'rescue', state: 'unplaced' }],
    ['unplaced', { state: 'unplaced', late_at: minutes(-90) }],
    ['lone_worker', { state: 'arrived', overdue_at: minutes(-1), late_at: null, risk_at: null }],
    ['late', { state: 'accepted', late_at: minutes(-1) }],
    ['at_risk', { state: 'accepted', risk_at: minutes(-1) }],
    ['at_risk', { state: 'under_way', risk_at: null, will_be_late: true }],
    ['none', { state: 'under_way', risk_at: null }],
    ['none', { state: 'done', late_at: minutes(-90), overdue_at: minutes(-90) }],
  ] as const)('is %s', (group, parts) => expect(groupOf(task(parts), now)).toBe(group))

  it('changes by the clock alone', () => {
    const visit = task({ state: 'accepted' })
    expect([0, 46, 61].map((n) => groupOf(visit, now + n * 60_000))).toEqual(['none', 'at_risk', 'late'])
  })

  it('stands in the order of the server: rank, then what is due next', () => {
    const rows = [task({ id: idOf(1) }), task({ id: idOf(2), due_at: minutes(5) }), task({ id: idOf(3), state: 'unplaced' }), task({ id: idOf(4), kind: 'rescue', state: 'unplaced', due_at: minutes(500) })]
    expect(inOrder(rows, now).map(({ id }) => id)).toEqual([4, 3, 2, 1].map(idOf))
  })
})

describe('places of tasks', () => {
  it('are one sign each, the most urgent on top, and none for what has no place', () => {
    const places = placesOf(inOrder([task({ id: idOf(1) }), task({ id: idOf(2), state: 'unplaced' }), task({ id: idOf(3), lat: 41 }), task({ id: idOf(4), lat: null })], now), now)
    expect(places.map(({ tasks, group }) => [tasks.map(({ id }) => id), group])).toEqual([[[idOf(3)], 'none'], [[idOf(2), idOf(1)], 'unplaced']])
  })
})

describe('signs of places on the screen', () => {
  const toScreen = ([lng, lat]: [number, number]) => ({ x: lng * 100, y: lat * 100 })
  const at = (n: number, lng: number, parts = {}) => task({ id: idOf(n), lat: 1, lng, risk_at: null, late_at: null, ...parts })

  it('are one where they would lie on one another, at the place of the most urgent', () => {
    const places = placesOf([at(1, 1), at(2, 1.2), at(3, 1.4, { kind: 'rescue', state: 'unplaced' }), at(4, 9)], now)
    const signs = signsOf(places, toScreen)
    const lie = Object.fromEntries(signs.map(({ group, tasks, x }) => [x, [group, tasks.length]]))
    expect(lie).toEqual({ 100: ['none', 1], 140: ['unplaced_rescue', 2], 900: ['none', 1] })
    expect(signs.at(-1)?.tasks.map(({ id }) => id)).toEqual([idOf(3), idOf(2)]) // on top of the others
  })

  it('lose no task', () => {
    const tasks = Array.from({ length: 60 }, (_, n) => at(n, 1 + n / 50))
    expect(signsOf(placesOf(tasks, now), toScreen).flatMap(({ tasks: here }) => here.map(({ id }) => id)).sort()).toEqual(tasks.map(({ id }) => id).sort())
  })
})
