import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { me, refusal, serve } from '@/testing/pages'
import { entry, incident } from '@/testing/views'

import { useIncidents } from './incidents'
import { useSession } from './session'

describe('the board', () => {
  beforeEach(() => setActivePinia(createPinia()))
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

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

  it('shows what was shown from memory as the database has it: another number, a lower version, another timeline', async () => {
    const board = useIncidents()
    const one = incident({ number: 7 })
    board.applyUpserts([{ ...one, version: 3, state: 'taken', taken_by: 1 }], [1, 2, 3].map((number) => entry(one, number, { kind: 'note' })))
    const kept = { ...one, version: 2, number: 9, state: 'taken' as const, taken_by: 1 }
    vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ incident: kept, entries: [entry(one, 1, { kind: 'opened' }), entry(one, 2, { kind: 'taken' })], messages: [], proofs: [] })))
    board.applySnapshot([kept])
    expect(board.byId.get(one.id)).toEqual(kept)
    expect(board.queue.group('others').map(({ number }) => number)).toEqual([9])
    await board.watch(one.id)
    expect(board.timelines.get(one.id)?.map(({ kind }) => kind)).toEqual(['opened', 'taken'])
  })

  it('rings nothing a second time that a snapshot shows again, and what was thought to be closed anew', () => {
    const board = useIncidents()
    const [waits, pressed, shut, joined] = [incident(), incident({ ring: 3 }), incident(), incident()]
    board.applyUpserts([waits, pressed, { ...shut, version: 2, state: 'closed' }, joined], [])
    const arrived = board.arrived
    board.applySnapshot([waits, { ...pressed, ring: 2 }])
    expect(board.arrived).toBe(arrived)
    board.applySnapshot([waits, shut, { ...joined, ring: 2 }])
    expect(board.arrived.map(({ id }) => id)).toEqual([shut.id, joined.id])
  })

  it('does not believe an answer that was asked for before the snapshot', async () => {
    const board = useIncidents()
    const one = incident()
    const detail = (version: number) => ({ incident: { ...one, version }, entries: [], messages: [], proofs: [] })
    let answer = (_: object) => {}
    vi.stubGlobal('fetch', () => new Promise((resolve) => (answer = (body) => resolve(new Response(JSON.stringify(body))))))
    const asked = board.watch(one.id)
    board.applySnapshot([{ ...one, version: 2 }])
    answer(detail(5))
    await flushPromises()
    answer(detail(2))
    await asked
    expect(board.byId.get(one.id)?.version).toBe(2)
  })

  it('asks until it is answered where an incident went that lay open, and tells which one it was part of', async () => {
    vi.useFakeTimers()
    const board = useIncidents()
    const gone = incident({ home_id: 7 })
    const other = incident({ home_id: 7, state: 'taken', taken_by: 2 })
    serve({ [`/incidents/${gone.id}`]: { incident: gone, entries: [], messages: [], proofs: [] } })
    await board.watch(gone.id)
    serve({ [`/incidents/${gone.id}`]: refusal(503, 'database_busy') })
    board.applySnapshot([other])
    await vi.advanceTimersByTimeAsync(10)
    expect(board.byId.has(gone.id)).toBe(true)
    serve({})
    await vi.advanceTimersByTimeAsync(3_000)
    expect(board.byId.has(gone.id)).toBe(false)
    expect(board.merged).toEqual({ gone, into: other.id })
  })

  it('takes two hundred alarms of one message as one change', () => {
    const board = useIncidents()
    board.applyUpserts(Array.from({ length: 200 }, () => incident()), [])
    expect(board.open).toHaveLength(200)
  })
})
