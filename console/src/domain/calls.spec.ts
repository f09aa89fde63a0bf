import { describe, expect, it } from 'vitest'

import type { CallShown, CallState } from '@/api/telephone'
import { call, leg, match } from '@/testing/calls'

import { barOf, callsRing, deedsFor, elsewhereOf, expectedAt, inOrder, isMissed, outcomeOf, whoIs } from './calls'

const ME = 1
const HER = 2
const mine = (state: CallState, parts: Partial<CallShown> = {}) => call({ state, taken_by: ME, answered_by: ME, answered_at: '2026-11-28T08:00:05Z', legs: [leg({ role: 'caller', is_up: true }), leg({ role: 'operator', user_id: ME, is_up: true })], ...parts })

describe('who is spoken with next', () => {
  it('is red before green before the others, then whoever has been with somebody, then who waits longest', () => {
    const hotline = call({ id: 'hotline', offered_at: '2026-11-28T08:00:00Z' })
    const later = call({ id: 'later', offered_at: '2026-11-28T08:00:09Z' })
    const back = call({ id: 'back', offered_at: '2026-11-28T08:00:10Z', answered_at: '2026-11-28T08:00:11Z' })
    const green = call({ id: 'green', kind: 'green', offered_at: '2026-11-28T08:00:20Z' })
    const red = call({ id: 'red', kind: 'red', offered_at: '2026-11-28T08:00:30Z' })
    expect(inOrder([hotline, later, back, green, red]).map(({ id }) => id)).toEqual(['red', 'green', 'back', 'hotline', 'later'])
  })

  it('is no call that somebody has, or that is over', () => {
    expect(inOrder([mine('talking'), mine('held'), mine('ended'), mine('connecting')])).toEqual([])
  })

  it('is whoever was passed on to me, but never before an alarm', () => {
    const forMe = call({ id: 'for me', wanted: ME, offered_at: '2026-11-28T08:00:09Z' })
    const first = call({ id: 'first' })
    const red = call({ id: 'red', kind: 'red', offered_at: '2026-11-28T08:00:30Z' })
    expect(barOf([first, forMe, red], ME).waiting.map(({ id }) => id)).toEqual(['red', 'for me', 'first'])
    expect(barOf([first, forMe], HER).waiting.map(({ id }) => id)).toEqual(['first', 'for me'])
  })
})

describe('a call that is at no seat', () => {
  it('is with the duty phones or another centre, and nobody is offered it', () => {
    const duty = call({ id: 'duty', state: 'talking', given_away: true })
    const centre = call({ id: 'centre', state: 'talking' })
    const bar = barOf([duty, centre, mine('talking'), call({ id: 'waits' })], ME)
    expect(bar.away.map((each) => [each.id, elsewhereOf(each)])).toEqual([['duty', 'duty_phones'], ['centre', 'another_centre']])
    expect(bar.waiting.map(({ id }) => id)).toEqual(['waits'])
    expect(deedsFor(duty, ME, true)).toEqual([])
  })
})

describe('what may be done', () => {
  it.each([
    ['ringing', []],
    ['waiting', []],
    ['connecting', ['hang_up']],
    ['talking', ['mute', 'hold', 'pass_on', 'consult', 'add', 'keys', 'hang_up']],
    ['held', ['resume', 'pass_on', 'consult', 'hang_up']],
    ['ended', []],
  ] as const)('with my own that is %s', (state, deeds) => {
    expect(deedsFor(mine(state), ME)).toEqual(deeds)
  })

  it('with one that nobody has: take it', () => {
    expect(deedsFor(call({ state: 'ringing' }), ME)).toEqual(['take'])
    expect(deedsFor(call({ state: 'waiting' }), ME)).toEqual(['take'])
  })

  it('while a colleague is asked: hand over only once they are there', () => {
    const rings = mine('held', { legs: [leg({ role: 'operator', user_id: ME, is_up: true }), leg({ role: 'colleague', user_id: HER })] })
    const speaks = mine('held', { legs: [leg({ role: 'operator', user_id: ME, is_up: true }), leg({ role: 'colleague', user_id: HER, is_up: true })] })
    expect(deedsFor(rings, ME)).toEqual(['take_back', 'mute', 'hang_up'])
    expect(deedsFor(speaks, ME)).toEqual(['give', 'take_back', 'mute', 'hang_up'])
    expect(deedsFor(rings, HER)).toEqual(['answer'])
    expect(deedsFor(speaks, HER)).toEqual(['mute'])
  })

  it('with a colleague’s: nothing, and for a supervisor listening while they speak', () => {
    expect(deedsFor(mine('talking'), HER)).toEqual([])
    expect(deedsFor(mine('talking'), HER, true)).toEqual(['listen_in'])
    expect(deedsFor(mine('connecting'), HER, true)).toEqual([])
  })
})

describe('a telephone that rings', () => {
  it('is answered by itself for what this user has taken or dialled, never for what a colleague asks', () => {
    const taken = mine('connecting', { legs: [leg({ role: 'caller', is_up: true }), leg({ id: 'own', role: 'operator', user_id: ME })] })
    expect(expectedAt([taken], ME)).toMatchObject({ leg: { id: 'own' }, byItself: true })
    const asked = call({ state: 'held', taken_by: HER, legs: [leg({ id: 'asked', role: 'colleague', user_id: ME })] })
    expect(expectedAt([asked], ME)).toMatchObject({ leg: { id: 'asked' }, byItself: false })
    expect(expectedAt([mine('talking')], ME)).toBeNull()
  })
})

describe('the seat rings', () => {
  const rings = (...calls: CallShown[]) => callsRing(barOf(calls, ME), ME)

  it('for whoever waits while it speaks with nobody, also while its own are on hold', () => {
    expect(rings(call())).toBe(true)
    expect(rings(call(), mine('talking'))).toBe(false)
    expect(rings(call(), mine('held'))).toBe(true)
    expect(rings()).toBe(false)
  })

  it('not where somebody else is asked first, unless it is an alarm', () => {
    expect(rings(call({ wanted: HER }))).toBe(false)
    expect(rings(call({ wanted: HER, kind: 'red' }))).toBe(true)
    expect(rings(call({ wanted: ME }))).toBe(true)
  })

  it('for a colleague who asks', () => {
    expect(rings(call({ state: 'held', taken_by: HER, legs: [leg({ role: 'colleague', user_id: ME })] }))).toBe(true)
  })
})

it('knows who it is where one has the number or somebody has said so', () => {
  const [one, other] = [match({ name: '一' }), match({ name: '二' })]
  expect(whoIs(call({ matches: [one] }))).toBe(one)
  expect(whoIs(call({ matches: [one, other] }))).toBeNull()
  expect(whoIs(call({ matches: [one, other], attached: other }))).toBe(other)
  expect(whoIs(call())).toBeNull()
})

it('has missed who rang and was spoken with by nobody', () => {
  expect(isMissed(call({ state: 'ended' }))).toBe(true)
  expect(isMissed(mine('ended'))).toBe(false)
  expect(isMissed(call({ state: 'ended', direction: 'out' }))).toBe(false)
})

it.each([
  [{ answered_at: '2026-11-28T08:00:05Z', cause: 16 }, true, 'reached'],
  [{ answered_at: null, cause: 17 }, true, 'busy'],
  [{ answered_at: null, cause: 19 }, true, 'no_answer'],
  [{ answered_at: null, cause: 16 }, true, 'no_answer'],
  [{ answered_at: null, cause: 1 }, true, null], // no such number
  [{ answered_at: null, cause: 34 }, true, null], // no line free
  [{ answered_at: null, cause: 127 }, true, null], // nobody saw how it ended
  [{ answered_at: null, cause: 19 }, false, null], // our own telephone did not come up: says nothing of them
  [{ answered_at: null, cause: 17 }, false, null],
] as const)('of a call out %o, rung: %s, says %s', (ended, rang, said) => {
  expect(outcomeOf(ended, rang)).toBe(said)
})
