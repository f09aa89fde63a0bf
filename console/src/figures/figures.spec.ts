import { expect, it } from 'vitest'

import { openCount, shareOf, targetOf, verdictOf, type LiveFigures } from './figures'

it.each([
  [0, 0, ''],
  [1, 1, '100.0'],
  [1_000, 975, '97.5'],
  [10_000, 9_749, '97.4'],
  [3, 2, '66.6'],
])('of %i met %i are %s per cent', (decided, met, share) => {
  expect(shareOf({ decided, met })).toBe(share)
})

it('says in a word whether a target is reached', () => {
  expect([true, false, null].map((reached) => verdictOf({ reached }))).toEqual(['reached', 'missed', 'none'])
  expect(targetOf({ permille: 975 })).toBe('97.5')
})

it('adds the priorities up', () => {
  const one = (signal_class: string, state: string, priority: number, count: number) => ({ signal_class, state, priority, count })
  const figures = { open: [one('alarm', 'waiting', 1, 2), one('alarm', 'waiting', 2, 3), one('alarm', 'taken', 1, 4), one('technical', 'waiting', 5, 9)] } as LiveFigures
  expect([openCount(figures, 'alarm', 'waiting'), openCount(figures, 'alarm'), openCount(figures, 'service')]).toEqual([5, 9, 0])
})
