import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'

import { fillBrowser, logIn, remember, show } from '@/testing/pages'

import SessionsPage from './SessionsPage.vue'

const one = (id: string, own = false, used: string | null = null) => ({
  id, own, created_at: '2026-11-22T00:12:00Z', expires_at: '2026-11-22T12:12:00Z', address: '10.0.0.9', used_at: used,
  browser: own ? 'Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36' : '',
})

describe('where one is logged in oneself', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn({ grants: [{ role: 'responder', region_id: 1 }], actions: [] })
  })

  it.each(['en', 'zh-CN'] as const)('is a list in %s in which every other browser can be ended, and this one not', async (language) => {
    const sent = remember({ 'GET /me/sessions': [one('a', true, '2026-11-22T04:12:00Z'), one('b'), one('c')] })
    const { wrapper, missing } = show(SessionsPage, language)
    await flushPromises()
    expect(wrapper.findAll('[data-test=session]')).toHaveLength(3)
    expect(wrapper.findAll('[data-test=session]')[0]!.text()).toContain('Chrome 126 · Windows')
    expect(wrapper.findAll('[data-test=session-end]')).toHaveLength(2)
    await wrapper.findAll('[data-test=session-end]')[1]!.trigger('click')
    await wrapper.get('[data-test=session-end-sure]').trigger('click')
    await flushPromises()
    await wrapper.get('[data-test=sessions-end]').trigger('click')
    await wrapper.get('[data-test=sessions-end-sure]').trigger('click')
    await flushPromises()
    expect(sent.map(({ path }) => path)).toEqual(['DELETE /me/sessions', 'DELETE /me/sessions'])
    expect(missing).toEqual([])
  })
})
