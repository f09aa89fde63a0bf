import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { me } from '@/testing/pages'
import { entry, incident } from '@/testing/views'

import { useIncidents } from './incidents'
import { useSession } from './session'

describe('the board', () => {
  beforeEach(() => setActivePinia(createPinia()))
  afterEach(() => vi.unstubAllGlobals())

  it('ignores versions it has, and older ones', () => {
    const board = useIncidents()
    const first = incident()
    board.applyUpserts([{ ...first, version: 3, press_count: 3 }], [])
    board.applyUpserts([{ ...first, version: 2, press_count: 2 }], [])
    expect(board.byId.get(first.id)?.press_count).toBe(3)
  })

  it('keeps each timeline entry once, in its order', () => {
    const board = useIncidents()
    const one = incident()
    board.applyUpserts([{ ...one, version: 2 }], [entry(one, 2), entry(one, 1)])
    board.applyUpserts([], [entry(one, 2)])
    expect(board.timelines.get(one.id)?.map((each) => each.number)).toEqual([1, 2])
  })

  it('drops what the snapshot no longer holds', () => {
    const board = useIncidents()
    const [gone, stays] = [incident(), incident()]
    board.applyUpserts([gone, stays], [])
    board.applySnapshot([stays])
    expect(board.open).toEqual([stays])
  })

  it('no longer counts a closed incident as open, but keeps it for looking back', () => {
    const board = useIncidents()
    const one = incident()
    board.applyUpserts([one], [])
    board.applyUpserts([{ ...one, version: 2, state: 'closed', closed_at: '2026-11-22T05:00:00Z' }], [])
    expect(board.open).toEqual([])
    expect(board.byId.get(one.id)?.state).toBe('closed')
  })

  it('fetches an incident that is being looked at when a version is missing', async () => {
    const board = useIncidents()
    const one = incident({ version: 1 })
    const whole = { incident: { ...one, version: 3 }, entries: [1, 2, 3].map((number) => entry(one, number)), messages: [], proofs: [] }
    const first = { ...whole, incident: one, entries: [entry(one, 1)] }
    const answers = [first, whole]
    const asked = vi.fn(async () => new Response(JSON.stringify(answers.shift())))
    vi.stubGlobal('fetch', asked)
    await board.watch(one.id)
    board.applyUpserts([{ ...one, version: 3 }], [entry(one, 3)])
    await vi.waitFor(() => expect(board.timelines.get(one.id)?.map((each) => each.number)).toEqual([1, 2, 3]))
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('tells an incident that was given to this operator from one that they have taken', () => {
    useSession().me = me()
    const board = useIncidents()
    const [one, other] = [incident({ state: 'taken', taken_by: 2 }), incident()]
    board.applyUpserts([one, other], [])
    const [given, taken] = [{ ...one, version: 2, taken_by: 1, ring: 2 }, { ...other, version: 2, state: 'taken' as const, taken_by: 1 }]
    board.applyUpserts([given, taken], [])
    expect([given, taken].map(board.isGiven)).toEqual([true, false])
    expect(board.isGiven({ ...given, ring: 3 })).toBe(false)
  })

  it('takes two hundred alarms of one message as one change', () => {
    const board = useIncidents()
    board.applyUpserts(Array.from({ length: 200 }, () => incident()), [])
    expect(board.open).toHaveLength(200)
  })
})
