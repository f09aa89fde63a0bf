import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { eachInAFreshBrowser, foreignWords, remember, show } from '@/testing/pages'

import StrangersPage from './StrangersPage.vue'

const stranger = { source: 'dc09', identifier: 'B777', peer: '10.0.0.9', last_kind: 'sos', calls: 3, alarms: 2, first_at: '2026-11-20T04:00:00Z', last_at: '2026-11-22T04:00:00Z', number: 37, open: true }
const nameless = { ...stranger, identifier: '0000', open: false }
const person = { id: 9, home_id: 5, region_id: 2, name: '沈玉兰', name_latin: 'Shen Yulan', address: '榆荫里7号楼2单元501', address_en: 'Yuyinli 7-2-501' }

describe('the page of unknown callers', () => {
  eachInAFreshBrowser({ actions: ['manage_devices', 'see_profiles'] }, { frozen: true })

  it.each(['zh-CN', 'en'] as const)('attaches one to a home in %s', async (language) => {
    const answers: Record<string, unknown> = { 'GET /strangers': [stranger, nameless], 'POST /residents/search': { items: [person] }, 'POST /devices': { id: 7 } }
    const sent = remember(answers)
    const { wrapper, missing } = show(StrangersPage, language)
    await flushPromises()
    expect(wrapper.findAll('[data-test=stranger-attach]'), 'what the factory calls all of them is no number').toHaveLength(1)
    await wrapper.find('[data-test=stranger-attach]').trigger('click')
    await wrapper.find('[data-test=home-search]').setValue('syl')
    await vi.advanceTimersByTimeAsync(300)
    answers['GET /strangers'] = []
    await wrapper.find('[data-test=home-found]').trigger('click')
    await flushPromises()
    expect(sent.at(-1)?.body).toEqual({ region_id: 2, source: 'dc09', identifier: 'B777', kind: 'pendant', home_id: 5, resident_id: 9 })
    expect(wrapper.find('[data-test=stranger-attached]').text()).toContain('B777')
    expect(wrapper.find('[data-test=strangers-none]').exists()).toBe(true)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [stranger, person])).toEqual([])
  })
})
