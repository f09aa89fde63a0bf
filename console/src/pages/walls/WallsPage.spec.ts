import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fillBrowser, logIn, show } from '@/testing/pages'

import WallsPage from './WallsPage.vue'

const screen = {
  id: 3, name: 'Hall', region_id: 1, shows: 'building', by_name: '赵一鸣', made_at: '2026-11-22T04:12:00Z', paired_at: '2026-11-22T04:13:00Z', seen_at: '2026-11-22T04:14:00Z',
  expires_at: '2026-12-22T04:14:00Z', address: '10.0.0.9', code_until: null,
}
const fresh = { screen: { ...screen, id: 4, paired_at: null, code_until: '2026-11-22T04:22:00Z' }, code: 'ABCD-EFGH' }
let sent: string[]

describe('screens across the room', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn({ grants: [{ role: 'supervisor', region_id: 1 }], actions: ['manage_walls'] })
    sent = []
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (init.method !== 'GET') sent.push(`${init.method} ${url.replace('/api/v1', '')} ${String(init.body ?? '')}`.trim())
      if (init.method === 'DELETE') return new Response(null, { status: 204 })
      if (url.endsWith('/regions')) return new Response(JSON.stringify([{ id: 1, path: [1], name: '榆州', name_en: 'Yuzhou' }]))
      return new Response(JSON.stringify(init.method === 'GET' ? [screen] : init.method === 'PATCH' ? screen : fresh))
    })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['en', 'zh-CN'] as const)('are added in %s, with a code that is shown once', async (language) => {
    const { wrapper, missing } = show(WallsPage, language)
    await flushPromises()
    expect(wrapper.get('[data-test=wall-row]').text()).toContain('10.0.0.9')
    await wrapper.get('[data-test=wall-name]').setValue('Hall')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(sent).toEqual(['POST /walls {"name":"Hall","region_id":1,"shows":"building"}'])
    expect(wrapper.get('[data-test=wall-code]').text()).toContain('ABCD-EFGH')
    expect(missing).toEqual([])
  })

  it('show more or less of a home from afar, and are taken away after one more question', async () => {
    const { wrapper } = show(WallsPage, 'en')
    await flushPromises()
    await wrapper.get('[data-test=wall-shows]').setValue('address')
    await flushPromises()
    await wrapper.get('[data-test=wall-leave]').trigger('click')
    await wrapper.get('[data-test=wall-revoke]').trigger('click')
    await flushPromises()
    expect(sent).toEqual(['PATCH /walls/3 {"shows":"address"}', 'DELETE /walls/3'])
  })
})
