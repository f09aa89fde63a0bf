import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fillBrowser, logIn, serve, show } from '@/testing/pages'
import { incident } from '@/testing/views'

import AssignDialog from './AssignDialog.vue'

const caller = incident({ id: 'a', home_id: null, state: 'taken', taken_by: 1 })
const person = { id: 1, home_id: 2, name: '沈玉兰', name_latin: 'Shen Yulan', sex: 'female', age: 83, status: 'home', address: '榆荫里7号楼', address_en: 'Yuyinli 7', phone: null }
const contact = (id: number, rank: number, name: string, sms_consent: boolean) => ({ id, resident_id: 1, rank, name, name_latin: name, relation: '', relation_en: '', phone: `+861390010022${id}`, sms_consent })
const profile = { residents: [], contacts: [contact(2, 2, 'Zhou Xiaomei', true), contact(1, 1, 'Zhou Silent', false)], settings: { sms_policy: 'at_once' } }

describe('an unknown caller who turns out to be somebody', () => {
  let sent: string[]

  beforeEach(async () => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    fillBrowser()
    await logIn()
    serve({ '/residents': { items: [person] }, '/homes/2/profile': profile, '/regions': { settings: {} }, '/incidents/a/assign': { ...caller, version: 2, home_id: 2 } })
    sent = []
    const before = fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (init.method === 'POST') sent.push(url)
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
    expect(wrapper.find('[data-test=assign-told]').text()).toContain('Zhou Xiaomei')
    expect(wrapper.text()).not.toContain('Zhou Silent')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toEqual([])
    expect(missing).toEqual([])
  })

  it('may be taken back for some seconds', async () => {
    const { wrapper } = await chosen()
    await wrapper.find('[data-test=assign-confirm]').trigger('click')
    await vi.advanceTimersByTimeAsync(3_000)
    await wrapper.find('[data-test=assign-undo]').trigger('click')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toEqual([])
    await wrapper.find('[data-test=assign-confirm]').trigger('click')
    await vi.advanceTimersByTimeAsync(6_000)
    await flushPromises()
    expect(sent).toEqual(['/api/v1/incidents/a/assign'])
  })
})
