import { describe, expect, it } from 'vitest'

import { order, powerless, storm } from '@/testing/storms'

import { foldStorms, secondsLeft, stormHolding } from './storms'

const ME = 1
const many = (count: number, parts: Parameters<typeof powerless>[0] = {}) => Array.from({ length: count }, () => powerless(parts))

describe('what belongs to a storm', () => {
  const over = { over_at: '2026-11-22T04:30:00Z' }
  it.each([
    ['a technical alarm of its kind in its region', {}, {}, true],
    ['an alarm that rings', { signal_class: 'alarm' as const }, {}, false],
    ['a call for service', { signal_class: 'service' as const }, {}, false],
    ['another kind', { kind: 'low_battery' as const }, {}, false],
    ['a test', { mode: 'test' as const }, {}, false],
    ['another region', { region_path: [1, 2, 4] }, {}, false],
    ['below a storm of its region alone', {}, { below: false }, false],
    ['in a storm of its region alone', { region_id: 3, region_path: [1, 2, 3] }, { below: false }, true],
    ['from before it', { opened_at: '2026-11-22T04:11:59.999Z' }, {}, false],
    ['its very first', { opened_at: '2026-11-22T04:12:00Z' }, {}, true],
    ['as long as it goes on', { opened_at: '2026-11-22T04:29:00Z' }, {}, true],
    ['its last', { opened_at: '2026-11-22T04:13:00Z' }, over, true],
    ['after it', { opened_at: '2026-11-22T04:13:01Z' }, over, false],
  ])('%s', (_, alarm, of, belongs) => {
    expect(stormHolding(powerless(alarm), [storm(of)]) !== null).toBe(belongs)
  })

  it('of several is that of the nearest region, then the first', () => {
    const grid = storm({ id: 'grid', region_id: 31, region_path: [1, 2, 3, 31] })
    const later = storm({ id: 'later', region_id: 31, region_path: [1, 2, 3, 31], since: '2026-11-22T04:12:10Z' })
    expect(stormHolding(powerless(), [storm(), later, grid])?.id).toBe('grid')
  })
})

describe('the line of a storm', () => {
  it('has all of its alarms, and no other has lost its row', () => {
    const members = many(180)
    const sos = Array.from({ length: 20 }, () => powerless({ signal_class: 'alarm', kind: 'sos', kinds: ['sos'], priority: 1 }))
    const { lines, folded } = foldStorms([...sos, ...members], [storm()], ME)
    expect(lines).toMatchObject([{ taken: 0, mine: 0 }])
    expect(lines[0]!.members).toHaveLength(180)
    expect([...folded].sort()).toEqual(members.map(({ id }) => id).sort())
  })

  it('is none for one alone, unless something is being done with it', () => {
    expect(foldStorms(many(1), [storm()], ME).lines).toEqual([])
    expect(foldStorms(many(1), [storm({ order: order() })], ME).lines).toHaveLength(1)
    expect(foldStorms(many(1), [storm({ order: order({ state: 'done' }) })], ME).lines).toEqual([])
    expect(foldStorms([], [storm({ order: order() })], ME).lines).toEqual([])
  })

  it('leaves a row to what is followed or was offered, and to the few that I have taken', () => {
    const apart = [powerless({ state: 'following', taken_by: 2 }), powerless({ state: 'taken', taken_by: 2, offered_to: ME }), powerless({ state: 'taken', taken_by: ME })]
    const theirs = powerless({ state: 'taken', taken_by: 2 })
    const { lines, folded } = foldStorms([...many(20), theirs, ...apart], [storm()], ME)
    expect(lines[0]).toMatchObject({ taken: 1, mine: 0 })
    expect(folded.size).toBe(21)
    for (const { id } of apart) expect(folded.has(id)).toBe(false)
  })

  it('keeps the many that I have taken', () => {
    expect(foldStorms(many(20, { state: 'taken', taken_by: ME }), [storm()], ME).lines[0]).toMatchObject({ taken: 20, mine: 20 })
  })
})

it('counts down to when an order can no longer be taken back', () => {
  const due = '2026-11-22T04:14:10Z'
  const at = (time: string) => secondsLeft(due, Date.parse(time))
  expect([at('2026-11-22T04:14:00Z'), at('2026-11-22T04:14:09.400Z'), at('2026-11-22T04:15:00Z')]).toEqual([10, 1, 0])
})
