import { beforeEach, describe, expect, it } from 'vitest'

import type { CallsMessage, CallShown } from '@/api/telephone'
import { call, leg } from '@/testing/calls'
import { eachInAFreshBrowser } from '@/testing/pages'

import { dropEverything } from './holding'
import { useCalls } from './calls'

eachInAFreshBrowser()
const tell = (calls: CallShown[], parts: Partial<CallsMessage> = {}) => useCalls().apply({ type: 'calls', calls, exchange: true, whole: false, ...parts })
const ids = () => [...useCalls().byId.keys()]

describe('calls that stand', () => {
  beforeEach(() => tell([call({ id: 'a', version: 3 }), call({ id: 'b' })], { whole: true }))

  it('are those of the whole, and then what has changed', () => {
    tell([call({ id: 'c' })])
    expect(ids()).toEqual(['a', 'b', 'c'])
    tell([call({ id: 'c' })], { whole: true })
    expect(ids()).toEqual(['c'])
  })

  it('are never older than they were', () => {
    tell([call({ id: 'a', version: 2, state: 'ringing' })])
    expect(useCalls().of('a')?.state).toBe('waiting')
    tell([call({ id: 'a', version: 4, state: 'talking', taken_by: 1 })])
    expect(useCalls().of('a')?.state).toBe('talking')
  })

  it('say when the exchange is away', () => {
    tell([], { exchange: false })
    expect(useCalls().exchange).toBe(false)
    expect(ids()).toEqual(['a', 'b'])
  })

  it('are nobody else’s who sits here next', () => {
    dropEverything()
    expect([ids(), useCalls().over, useCalls().exchange]).toEqual([[], [], null])
  })
})

describe('what has ended', () => {
  const ended = (parts: Partial<CallShown>) => call({ id: 'a', version: 5, state: 'ended', ended_at: '2026-11-28T08:05:00Z', legs: [], ...parts })

  it('stays until it is put away, and does not come back when it is told once more', () => {
    tell([ended({ taken_by: 1, answered_by: 1, answered_at: '2026-11-28T08:00:05Z' })])
    expect(useCalls().toFile.map(({ id }) => id)).toEqual(['a'])
    tell([ended({ version: 6, taken_by: 1, answered_by: 1, answered_at: '2026-11-28T08:00:05Z', wrapped_up_at: '2026-11-28T08:05:09Z' })])
    expect(useCalls().toFile).toMatchObject([{ version: 6 }])
    useCalls().putAway('a')
    tell([ended({ version: 7, taken_by: 1, answered_at: '2026-11-28T08:00:05Z' })])
    expect(useCalls().over).toEqual([])
  })

  it('of a colleague is theirs; what nobody answered everybody sees', () => {
    tell([ended({ id: 'hers', taken_by: 2, answered_by: 2, answered_at: '2026-11-28T08:00:05Z' }), ended({ id: 'missed' }), ended({ id: 'machine', direction: 'automatic' })])
    expect(useCalls().over.map(({ id }) => id)).toEqual(['missed'])
    expect(useCalls().missed).toHaveLength(1)
  })

  it('and was missed is kept to the last fifty', () => {
    tell(Array.from({ length: 60 }, (_, index) => ended({ id: `missed-${index}` })))
    expect(useCalls().missed).toHaveLength(50)
    expect(useCalls().missed[0]!.id).toBe('missed-59')
  })

  it('tells whether whoever was wanted was rung at all', () => {
    const out = (isUp: boolean) => call({ id: 'out', direction: 'out', taken_by: 1, state: 'connecting', legs: [leg({ role: 'operator', user_id: 1, is_up: isUp })] })
    tell([out(false)])
    expect(useCalls().hasRung('out')).toBe(false)
    tell([{ ...out(true), version: 2 }])
    expect(useCalls().hasRung('out')).toBe(true)
  })
})
