import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWebHashHistory } from 'vue-router'

import { away, fillBrowser, foreignWords, logIn, serve, show } from '@/testing/pages'

import ResidentsPage from './ResidentsPage.vue'

const line = {
  id: 1, version: 1, home_id: 2, region_id: 6, name: '沈玉兰', name_latin: 'Shen Yulan', sex: 'female', age: 83, birth_date: null, phone: '+8613900001001', status: 'away',
  living: 'alone', ability: 'mild', risk: 'high', welfare: [], address: '7号楼', address_en: 'Building 7',
}
const resident = {
  ...line, second_phone: null, hazards: [], hazards_en: [], health_note: '', medicines: '', allergies: '', hospital: '', hearing: '', dialect: '', talk_note: '', language: 'zh-CN',
  english: {}, has_photo: false, identity_masked: '1101**', pinyin: '', created_at: '', updated_at: '',
}
const home = {
  id: 2, version: 1, region_id: 6, building_id: 7, address: '7号楼', address_en: 'Building 7', entrance: '2', floor: 5, door: '501', access_note: '', key_note: '', lat: null, lng: null,
  english: {},
}
const answers = {
  '/residents': { items: [line], total: 1, total_is_capped: false, page: 1, limit: 50 }, '/residents/1': resident, '/residents/1/contacts': [], '/homes/2': home, '/homes/2/responsible': [], '/homes/2/photographs': [],
  '/devices': { items: [], total: 0, page: 1, limit: 50 }, '/regions': [],
}

describe('the register of residents', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    Element.prototype.scrollIntoView ??= () => undefined
    await logIn()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['zh-CN', 'en'] as const)('reads in %s, with a resident open and with a new one', async (language) => {
    serve(answers)
    const { wrapper, missing } = show(ResidentsPage, language)
    await flushPromises()
    await wrapper.find('.rows button').trigger('click')
    await flushPromises()
    expect(wrapper.findAll('#resident-form > fieldset')).toHaveLength(6)
    if (language === 'en') expect(foreignWords(wrapper.text(), answers)).toEqual([])
    await wrapper.find('.editor header button:last-child').trigger('click')
    await wrapper.find('.list header button').trigger('click')
    await flushPromises()
    expect(wrapper.find('.choice').exists()).toBe(true)
    if (language === 'en') expect(foreignWords(wrapper.text(), answers)).toEqual([])
    expect(missing).toEqual([])
  })

  it('is worked by keyboard from the search', async () => {
    serve(answers)
    const { wrapper } = show(ResidentsPage, 'en')
    await flushPromises()
    await wrapper.find('#resident-search').trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(wrapper.find('.editor h2').text()).toBe('Shen Yulan')
  })

  it.each([['zh-CN', '更多'], ['en', 'More']] as const)('shows in %s that there is more than has pages, and leads on from there', async (language, word) => {
    const next = { ...line, id: 5, name: '顾承安', name_latin: 'Gu Chengan' }
    serve({ ...answers, '/residents': { ...answers['/residents'], total_is_capped: true, after: 'behind-1' }, '/residents?limit=50&after=behind-1': { items: [next], total: 1, after: null, page: 1, limit: 50 } })
    const { wrapper } = show(ResidentsPage, language)
    await flushPromises()
    const more = wrapper.find('[data-test=residents-more]')
    expect(more.text()).toBe(word)
    ;(more.element as HTMLElement).focus()
    await more.trigger('click')
    await flushPromises()
    const rows = wrapper.findAll('.rows button')
    expect(rows).toHaveLength(2)
    expect(document.activeElement).toBe(rows[1]!.element)
    expect(wrapper.find('[data-test=residents-more]').exists()).toBe(false)
  })

  it('keeps region and page in the address, the words beside it, and begins with what stands there', async () => {
    vi.useFakeTimers()
    const region = (id: number, path: number[]) => ({ id, name: `区${id}`, name_en: `Region ${id}`, path, level: 'street' })
    serve({ ...answers, '/regions': [region(5, [5]), region(6, [5, 6])] })
    const first = show(ResidentsPage, 'en', { history: createWebHashHistory() })
    await flushPromises()
    await first.wrapper.find('#resident-search').setValue('shen')
    await first.wrapper.find('[data-test=residents-region]').setValue('6')
    await vi.advanceTimersByTimeAsync(200)
    expect(first.router.currentRoute.value.fullPath).toBe('/?region=6')
    first.wrapper.unmount()
    const { router, wrapper } = show(ResidentsPage, 'en', { history: createWebHashHistory() })
    await router.isReady()
    await flushPromises()
    expect(wrapper.find<HTMLInputElement>('#resident-search').element.value).toBe('shen')
    expect(wrapper.find<HTMLSelectElement>('[data-test=residents-region]').element.value).toBe('6')
    vi.useRealTimers()
  })

  it('waits in place while the office is away', async () => {
    serve({ '/': away() })
    const { wrapper } = show(ResidentsPage, 'en')
    await flushPromises()
    expect(wrapper.find('[data-test=office-away]').text()).toContain('Back in a moment')
    expect(wrapper.find('[role=alert]').exists()).toBe(false)
  })
})
