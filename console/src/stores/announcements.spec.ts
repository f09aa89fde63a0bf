import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Announcement } from '@/api/announcements'
import { logIn, refusal, serve } from '@/testing/pages'

import { useAnnouncements } from './announcements'

const HOUR = 3_600_000
const told = (id: string, parts: Partial<Announcement> = {}): Announcement => ({
  id, version: 1, words: 'No power', must_acknowledge: false, region_ids: [1], by_id: 9, by_name: '赵一鸣', written_at: new Date(Date.now() - 1_000).toISOString(),
  until_at: new Date(Date.now() + HOUR).toISOString(), ended_at: null, people: [], ...parts,
})

describe('what supervisors tell', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    await logIn()
  })
  afterEach(() => vi.unstubAllGlobals())

  it('stands until it is read, and what must be acknowledged stands first', () => {
    const store = useAnnouncements()
    store.apply([told('a'), told('b', { must_acknowledge: true })])
    expect(store.unread.map(({ id }) => id)).toEqual(['b', 'a'])
    const read = { user_id: 1, name: '', name_en: '', read_at: '2026-11-22T04:12:00Z' }
    store.apply([told('b', { version: 2, people: [read] })])
    expect(store.unread.map(({ id }) => id)).toEqual(['a'])
  })

  it.each([
    ['one that has ended', { ended_at: '2026-11-22T04:12:00Z' }],
    ['one whose time is over', { until_at: '2026-11-22T04:12:00Z' }],
    ['ones own', { by_id: 1 }],
  ])('does not put %s before anybody', (_, parts) => {
    const store = useAnnouncements()
    store.apply([told('a', parts)])
    expect(store.unread).toEqual([])
  })

  it('keeps the newer version, whichever comes last, and begins anew with a snapshot', () => {
    const store = useAnnouncements()
    store.apply([told('a', { version: 2, ended_at: '2026-11-22T04:12:00Z' })])
    store.apply([told('a')])
    expect(store.unread).toEqual([])
    store.apply([], true)
    expect(store.all.size).toBe(0)
  })

  it('comes back if the server could not note that it was read', async () => {
    const store = useAnnouncements()
    store.apply([told('a')])
    serve({ '/announcements/a/read': refusal(503, 'database_unavailable') })
    const writing = store.read(store.unread[0]!)
    expect(store.unread).toEqual([])
    await writing
    expect(store.unread).toHaveLength(1)
    serve({ '/announcements/a/read': new Response(null, { status: 204 }) })
    await store.read(store.unread[0]!)
    expect(store.unread).toEqual([])
  })
})
