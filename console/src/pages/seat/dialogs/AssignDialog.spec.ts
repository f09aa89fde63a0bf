import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fillBrowser, logIn, serve, show } from '@/testing/pages'
import { incident } from '@/testing/views'

import AssignDialog from './AssignDialog.vue'

const caller = incident({ id: 'a', home_id: null, state: 'taken', taken_by: 1 })
const person = { id: 1, home_id: 2, name: '沈玉兰', name_latin: 'Shen Yulan', sex: 'female', age: 83, status: 'home', address: '榆荫里7号楼', address_en: 'Yuyinli 7', phone: null }
const draft = { recipient: '139****0222', contact_id: 2, contact_name: '周晓梅', contact_name_latin: 'Zhou Xiaomei', relation: '女儿', relation_en: 'daughter', language: 'en', kind: 'alarm_raised', text: 'Shen Yulan called for help.' }

describe('an unknown caller who turns out to be somebody', () => {
  let sent: string[]

  beforeEach(async () => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    fillBrowser()
    await logIn()
    serve({ '/residents': { items: [person] }, '/incidents/a/assign/preview': [draft], '/regions': { settings: {} }, '/incidents/a/assign': { ...caller, version: 2, home_id: 2 } })
    sent = []
    const before = fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (init.method === 'POST' && !url.endsWith('/search')) sent.push(url)
      return before(url, init)
    })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
    document.body.replaceChildren()
  })

  async function chosen() {
    const { wrapper, missing } = show(AssignDialog, 'en', { props: { incident: caller } })
    await wrapper.find('input').setValue('shen')
    await vi.advanceTimersByTimeAsync(300)
    await wrapper.find('.found__one').trigger('click')
    await vi.advanceTimersByTimeAsync(10)
    return { wrapper, missing }
  }

  it('is shown with whom it will text, and nothing is sent by choosing', async () => {
    const { wrapper, missing } = await chosen()
    const told = wrapper.find('[data-test=assign-told]').text()
    expect(told).toContain('Zhou Xiaomei')
    expect(told).toContain('daughter')
    expect(told).toContain(draft.text)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toEqual(['/api/v1/incidents/a/assign/preview'])
    expect(missing).toEqual([])
  })

  it('may be taken back for some seconds', async () => {
    const { wrapper } = await chosen()
    await wrapper.find('[data-test=assign-confirm]').trigger('click')
    await vi.advanceTimersByTimeAsync(3_000)
    expect(document.activeElement?.getAttribute('data-test')).toBe('assign-undo')
    await wrapper.find('[data-test=assign-undo]').trigger('click')
    expect(document.activeElement?.getAttribute('data-test')).toBe('assign-confirm')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toEqual(['/api/v1/incidents/a/assign/preview'])
    await wrapper.find('[data-test=assign-confirm]').trigger('click')
    await vi.advanceTimersByTimeAsync(6_000)
    await flushPromises()
    expect(sent).toEqual(['/api/v1/incidents/a/assign/preview', '/api/v1/incidents/a/assign'])
  })
})
