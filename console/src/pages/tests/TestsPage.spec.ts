import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { useSession } from '@/stores/session'
import { away, fillBrowser, foreignWords, logIn, serve, show } from '@/testing/pages'

import TestsPage from './TestsPage.vue'

const running = {
  id: 3, subject: 'device', subject_id: 7, label: 'A101', region_id: 1, from_at: '2026-11-22T04:00:00Z', until_at: '2026-11-22T04:30:00Z', reason: '换电池', by_name: '王同志', ended_at: null, over: false,
}

describe('the page of what is in test', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['en', 'zh-CN'] as const)('says in %s what, until when, by whom and why, and ends it', async (language) => {
    serve({ '/tests': [running] })
    const { wrapper, missing } = show(TestsPage, language)
    await flushPromises()
    expect(wrapper.find('[data-test=test-row]').text()).toContain('A101')
    expect(wrapper.find('[data-test=test-row]').text()).toContain('12:30')
    if (language === 'en') expect(foreignWords(wrapper.text(), running)).toEqual([])
    serve({ '/tests': [{ ...running, over: true }], '/tests/3/end': { ...running, over: true } })
    await wrapper.find('[data-test=test-end-3]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=test-end-3]').exists()).toBe(false)
    expect(missing).toEqual([])
  })

  it('asks a supervisor before a whole region is silenced, with how many homes that is', async () => {
    useSession().me!.grants = [{ role: 'supervisor', region_id: 1 }]
    const region = { id: 1, name: '榆荫里', name_en: 'Yuyinli', path: [1], level: 'community' }
    serve({ '/tests': [], '/tests/preview': { label: '榆荫里', homes: 61 }, '/regions': [region] })
    const { wrapper, missing } = show(TestsPage, 'en')
    await flushPromises()
    await wrapper.find('[data-test=test-why]').setValue('siren')
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(wrapper.find('[data-test=test-homes]').text()).toContain('61 homes')
    serve({ '/tests': { ...running, subject: 'region', label: '榆荫里' }, '/regions': [region] })
    await wrapper.find('[data-test=test-begin]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=test-homes]').exists()).toBe(false)
    expect(missing).toEqual([])
  })

  it('says that nothing is, and waits for an office that is away', async () => {
    serve({ '/tests': [] })
    const { wrapper } = show(TestsPage, 'en')
    await flushPromises()
    expect(wrapper.find('[data-test=tests-none]').exists()).toBe(true)
    serve({ '/tests': away() })
    const other = show(TestsPage, 'en')
    await flushPromises()
    expect(other.wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })
})
