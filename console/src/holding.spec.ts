import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fetchIncident } from '@/api/incidents'
import { useDesk } from '@/pages/seat/desk'
import { me, serve } from '@/testing/pages'
import { entry, incident } from '@/testing/views'

import { useDuty } from '@/stores/duty'
import { useIncidents } from '@/stores/incidents'
import { useSeats } from '@/stores/seats'
import { useSession } from '@/stores/session'
import { useSms } from '@/stores/sms'

const files = import.meta.glob<string>(['@/**/*.ts', '!@/**/*.spec.ts'], { eager: true, query: '?raw', import: 'default' })
/** Who is logged in is what all others go by; the line knows nothing of people. */
const KEEP = /\/stores\/(session|connection)\.ts$/

const one = incident({ id: 'a', home_id: 2 })
const other = me({ user: { ...me().user, id: 2, login: 'operator2' }, grants: [{ role: 'operator', region_id: 9 }] })

it.each(Object.entries(files).filter(([path, text]) => /defineStore\(|function regionDraft</.test(text) && !KEEP.test(path)))('%s says how what it holds is dropped', (_, text) => {
  expect(text).toMatch(/=> regionDraft<|whenDropped\(/)
})

describe('a page that changes hands', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    serve({ '/me': me(), '/incidents/a': { incident: one, entries: [entry(one, 1)], messages: [], proofs: [] }, '/homes/2/profile': { residents: [] }, '/logout': {}, '/login': {} })
    await useSession().check()
    useDesk()
    useIncidents().applyUpserts([one], [entry(one, 1)])
    useSeats().seats = [{ user_id: 5, name: '薛琳', name_en: 'Xue Lin', armed: true, region_ids: [1], state: 'ready', pause: null, since: null }]
    await flushPromises()
    useDesk().drafts.set('a', '女儿在路上')
    expect(useDesk().selectedId).toBe('a')
  })
  afterEach(() => vi.unstubAllGlobals())

  function nothingIsLeft(): void {
    const { open, timelines, proofs, byId } = useIncidents()
    expect([open, timelines.size, proofs.size, byId.size, useSms().byIncident.size, useSeats().seats]).toEqual([[], 0, 0, 0, 0, []])
    const desk = useDesk()
    expect([desk.selectedId, desk.incident, desk.profile, desk.drafts.size, desk.dots]).toEqual([null, null, null, 0, []])
    expect(useDuty().decision.rung).toEqual([])
  }

  it('holds nothing after a sign-out', async () => {
    await useSession().logout()
    await flushPromises()
    nothingIsLeft()
  })

  it('holds nothing of whoever was there before, when somebody else signs in after a session that has ended', async () => {
    useSession().leave()
    serve({ '/me': other, '/login': {} })
    const before = useSession().holder
    await useSession().login('operator2', 'secret')
    await flushPromises()
    nothingIsLeft()
    expect(useSession().holder).toBe(before + 1)
  })

  it('holds nothing that was seen by rights that are gone, and leaves the seat on duty', async () => {
    useDuty().onDuty = true
    serve({ '/me': me({ grants: [{ role: 'operator', region_id: 7 }] }) })
    await useSession().check()
    await flushPromises()
    nothingIsLeft()
    expect(useDuty().onDuty).toBe(true)
  })

  it('keeps all, with the note that is being written, for whoever comes back to a session that has ended', async () => {
    useSession().leave()
    await useSession().login('operator', 'secret')
    expect(useDesk().drafts.get('a')).toBe('女儿在路上')
    expect(useIncidents().open).toHaveLength(1)
  })

  it('gets no answer that was meant for whoever has left', async () => {
    vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted')))))
    const asked = fetchIncident('a').catch((reason: unknown) => reason)
    serve({ '/me': other })
    await useSession().check()
    expect(await asked).toMatchObject({ code: 'dropped' })
  })
})
