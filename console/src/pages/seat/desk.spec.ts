import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { take } from '@/api/incidents'
import { useIncidents } from '@/stores/incidents'
import { useWish } from '@/stores/wish'
import { away, logIn, refusal, serve } from '@/testing/pages'
import { incident } from '@/testing/views'

import { useDesk } from './desk'

const one = incident({ id: 'a', home_id: 2 })
const detail = { incident: one, entries: [], messages: [], proofs: [] }

describe('the desk', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    await logIn()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('opens what already waits when the operator comes to it', async () => {
    serve({ '/incidents/a': detail, '/homes/2/profile': { residents: [] } })
    useIncidents().applyUpserts([one], [])
    const desk = useDesk()
    await flushPromises()
    expect(desk.selectedId).toBe('a')
    expect(desk.profileState).toBe('ready')
  })

  it('opens whom I have taken before any stranger, however many wait, and however the board arrives', async () => {
    const mine = incident({ id: 'mine', home_id: 3, state: 'taken', taken_by: 1 })
    serve({ '/incidents/mine': { ...detail, incident: mine } })
    const desk = useDesk()
    useIncidents().applySnapshot(Array.from({ length: 23 }, () => incident()), false)
    await flushPromises()
    expect(desk.selectedId).toBeNull()
    useIncidents().applySnapshot([mine])
    await flushPromises()
    expect(desk.selectedId).toBe('mine')
    expect(useIncidents().queue.groups('all')[0]?.incidents[0]?.id).toBe('mine')
  })

  it('opens and takes what another page asks for', async () => {
    const asked: string[] = []
    useWish().ask('a', true)
    serve({ '/incidents/a': detail, '/incidents/a/take': { ...one, version: 2, state: 'taken', taken_by: 1 } })
    const before = fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => (asked.push(url), before(url, init)))
    const desk = useDesk()
    await flushPromises()
    expect([desk.selectedId, desk.mine]).toEqual(['a', true])
    expect(asked).toContain('/api/v1/incidents/a/take')
  })

  it('is free again when what lay open is no longer for these eyes', async () => {
    serve({})
    const desk = useDesk()
    desk.open('a')
    await flushPromises()
    expect([desk.selectedId, desk.error]).toMatchObject([null, { code: 'not_found' }])
  })

  it('does not open again what was put aside, until it rings again', async () => {
    serve({ '/incidents/a': detail })
    useIncidents().applyUpserts([one], [])
    const desk = useDesk()
    await flushPromises()
    desk.shut()
    await flushPromises()
    expect(desk.selectedId).toBeNull()
    useIncidents().applyUpserts([{ ...one, version: 2, ring: 2 }], [])
    await flushPromises()
    expect(desk.selectedId).toBe('a')
  })

  it('stays where it is through an outage, and takes the note along to the incident that its own was part of', async () => {
    serve({ '/incidents/a': detail })
    const board = useIncidents()
    board.applyUpserts([one], [])
    const desk = useDesk()
    await flushPromises()
    desk.drafts.set('a', '女儿在路上')
    board.applySnapshot([{ ...one, number: 99 }])
    await flushPromises()
    expect([desk.selectedId, desk.incident?.number, desk.drafts.get('a')]).toEqual(['a', 99, '女儿在路上'])

    const [other, stranger] = [incident({ id: 'b', home_id: 2 }), incident({ id: 'c' })]
    serve({ '/incidents/b': { ...detail, incident: other } })
    board.applySnapshot([stranger, other])
    await flushPromises()
    expect([desk.selectedId, board.merged?.into, desk.drafts.get('b')]).toEqual([null, 'b', '女儿在路上'])
    desk.open('b')
    expect([desk.selectedId, board.merged]).toEqual(['b', null])
  })

  it('gets the profile by itself when the office is back', async () => {
    vi.useFakeTimers()
    serve({ '/incidents/a': detail, '/homes/2/profile': away() })
    useIncidents().applyUpserts([one], [])
    const desk = useDesk()
    await vi.advanceTimersByTimeAsync(10)
    expect([desk.profileAway, desk.profileState]).toEqual([true, 'loading'])
    serve({ '/incidents/a': detail, '/homes/2/profile': { residents: [] } })
    await vi.advanceTimersByTimeAsync(3_000)
    expect([desk.profileAway, desk.profileState]).toEqual([false, 'ready'])
  })

  it('keeps a refusal to show, and reads the incident anew', async () => {
    const taken = { ...one, version: 5, state: 'taken' as const, taken_by: 2 }
    serve({ '/incidents/a': detail, '/incidents/a/take': refusal(409, 'taken_by_other') })
    useIncidents().applyUpserts([one], [])
    const desk = useDesk()
    await flushPromises()
    serve({ '/incidents/a': { ...detail, incident: taken }, '/incidents/a/take': refusal(409, 'taken_by_other') })
    expect(await desk.run(take('a'))).toBe(false)
    await flushPromises()
    expect(desk.error).toMatchObject({ code: 'taken_by_other' })
    expect(desk.incident?.taken_by).toBe(2)
  })

  it('takes nobody back into a field that was left while its answer was awaited, and gives a shut button its focus again', async () => {
    serve({ '/incidents/a': detail })
    useIncidents().applyUpserts([one], [])
    const desk = useDesk()
    await flushPromises()
    document.body.innerHTML = '<input id="note" /><button id="take">T</button>'
    const [note, button] = ['#note', '#take'].map((each) => document.querySelector<HTMLElement>(each)!)
    for (const [left, at] of [[note, document.body], [button, button]] as const) {
      left!.focus()
      let answer = (_: typeof one) => {}
      const saved = desk.run(new Promise((resolve) => (answer = resolve)))
      left!.blur()
      answer({ ...one, version: one.version + 1 })
      await saved
      await flushPromises()
      expect(document.activeElement).toBe(at)
    }
    document.body.innerHTML = ''
  })
})
