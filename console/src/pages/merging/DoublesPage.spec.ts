import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fillBrowser, foreignWords, logIn, remember, serve, show } from '@/testing/pages'

import DoublesPage from './DoublesPage.vue'

const side = (id: number) => ({ id, version: 1, region_id: 1, address: '甲', address_en: 'A', entrance: '2', door: '501', residents: 1, devices: 0 })
const doubles = { residents: [], homes: [{ why: ['address'], one: side(1), other: side(2) }] }
const merging = { id: 7, subject: 'home', kept_id: 1, merged_id: 2, kept: '甲', kept_en: 'A', merged: '乙', merged_en: 'B', at: '2026-03-14T04:12:00Z', by: '王', by_en: 'Wang', moved: { resident: 2 }, taken: [], changed: [], undone_at: null }
const mark = { id: 9, subject: 'home', one_id: 3, other_id: 4, one: '丙', one_en: 'C', other: '丁', other_en: 'D', at: '2026-03-14T04:12:00Z', by: '王', by_en: 'Wang', undone_at: null }

describe('doubles', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    serve({ '/regions': [], '/doubles': doubles, '/doubles/apart': [mark], '/merges': [merging, { ...merging, id: 8, changed: ['contact:3'] }] })
    await logIn()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['zh-CN', 'en'] as const)('are listed in %s, with what was made one', async (language) => {
    const { wrapper, missing } = show(DoublesPage, language)
    await flushPromises()
    expect(wrapper.findAll('[data-test=pair]')).toHaveLength(1)
    expect(wrapper.findAll('[data-test=merged]')).toHaveLength(2)
    expect(wrapper.findAll('[data-test=undo]'), 'what has changed since cannot be undone').toHaveLength(1)
    if (language === 'en') expect(foreignWords(wrapper.html(), [doubles, merging])).toEqual([])
    expect(missing).toEqual([])
  })

  it('are said to be none, and proposed again', async () => {
    const sent = remember({ 'GET /regions': [], 'GET /doubles': doubles, 'GET /merges': [], 'GET /doubles/apart': [mark] })
    const { wrapper } = show(DoublesPage, 'en')
    await flushPromises()
    await wrapper.get('[data-test=apart]').trigger('click')
    await flushPromises()
    expect(wrapper.get('[data-test=no-doubles-pair]').text()).toContain('C #3 and D #4')
    await wrapper.get('[data-test=propose-again]').trigger('click')
    await flushPromises()
    expect(sent).toEqual([{ path: 'POST /doubles/apart', body: { subject: 'home', one_id: 1, other_id: 2 } }, { path: 'POST /doubles/apart/9/undo', body: {} }])
  })

  it('ask before anything is made one', async () => {
    const { wrapper } = show(DoublesPage, 'en')
    await flushPromises()
    await wrapper.find('[data-test=keep]').trigger('click')
    await flushPromises()
    expect(document.body.textContent).toContain('Make them one?')
  })
})
