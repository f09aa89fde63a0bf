import { expect, it } from 'vitest'

import type { Run, Visit } from '@/api/rounds'

import { ended, fen, inOrder, isLate, shut, yuan } from './progress'

const run = (more: Partial<Run>) => ({ counts: { pending: 2, done: 5, no_answer: 1, missed: 1 }, stops: 9, state: 'planned', begins_at: '2026-03-14T00:00:00Z', ...more }) as Run
const visit = (n: number, state: Visit['state']) => ({ n, state }) as Visit

it('counts doors that did not open, and what has an end', () => {
  expect([shut(run({})), ended(run({}))]).toEqual([2, 7])
})

it('puts shut doors first, then those to come, in their order', () => {
  const order = inOrder([visit(1, 'done'), visit(4, 'pending'), visit(2, 'pending'), visit(3, 'missed'), visit(5, 'no_answer')])
  expect(order.map((each) => each.n)).toEqual([3, 5, 2, 4, 1])
})

it('knows a round that nobody has begun', () => {
  const begins = Date.parse('2026-03-14T00:00:00Z')
  expect(isLate(run({}), begins + 3_600_000)).toBe(false)
  expect(isLate(run({}), begins + 3_600_001)).toBe(true)
  expect(isLate(run({ state: 'running' }), begins + 9e6)).toBe(false)
})

it.each([['12', 1200], ['12.5', 1250], ['0.07', 7], ['', 0], ['12。30', 1230], ['1.234', null], ['-3', null], ['x', null]] as const)('reads %s as an amount', (typed, expected) => {
  expect(fen(typed)).toBe(expected)
})

it('writes an amount', () => {
  expect(yuan(7)).toBe('0.07')
})
