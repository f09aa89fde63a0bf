import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { useAnnouncements } from '@/stores/announcements'
import { logIn, serve, show } from '@/testing/pages'

import Announcements from './Announcements.vue'

const told = (id: string, must_acknowledge: boolean) => ({
  id, version: 1, words: `${id}: no power`, must_acknowledge, region_ids: [1], by_id: 9, by_name: '赵一鸣', written_at: new Date().toISOString(),
  until_at: new Date(Date.now() + 60_000).toISOString(), ended_at: null, people: [],
})
const press = (key: string) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))

describe('what a supervisor tells all seats', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    await logIn()
    serve({ '/announcements/': new Response(null, { status: 204 }) })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['en', 'zh-CN'] as const)('is read in %s with one key, one after the other', async (language) => {
    const { wrapper, missing } = show(Announcements, language)
    expect(wrapper.find('[data-test=announcement]').exists()).toBe(false)
    useAnnouncements().apply([told('first', true), told('second', false)])
    await flushPromises()
    expect(wrapper.text()).toContain('first: no power')
    expect(wrapper.find('[role=alert]').exists()).toBe(false)
    press('m')
    await flushPromises()
    expect(wrapper.text()).toContain('second: no power')
    await wrapper.get('[data-test=announcement-read]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=announcement]').exists()).toBe(false)
    expect(missing).toEqual([])
  })

  it('leaves other keys, and a key that is typed, to whom they are for', async () => {
    const { wrapper } = show(Announcements, 'en')
    useAnnouncements().apply([told('first', true)])
    await flushPromises()
    const field = document.body.appendChild(document.createElement('input'))
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'm', bubbles: true }))
    press('t')
    await flushPromises()
    expect(wrapper.text()).toContain('first')
  })
})
