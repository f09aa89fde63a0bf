import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { away, fillBrowser, logIn, refusal, serve, show } from '@/testing/pages'
import { incident } from '@/testing/views'

import { useDesk } from '../desk'
import ByHandDialog from './ByHandDialog.vue'

const made = incident({ id: 'made', state: 'taken', taken_by: 1 })
const person = { id: 1, home_id: 2, name: '沈玉兰', name_latin: 'Shen Yulan', sex: 'female', age: 83, status: 'home', address: '榆荫里7号楼', address_en: 'Yuyinli 7', phone: null }
const contact = { id: 4, resident_id: 1, rank: 1, name: '周晓梅', name_latin: 'Zhou Xiaomei', relation: '女儿', relation_en: 'daughter', phone: '+8613900100228' }

describe('somebody who calls without a device', () => {
  let sent: Record<string, unknown>[]

  beforeEach(async () => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    fillBrowser()
    await logIn()
    sent = []
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
    document.body.replaceChildren()
  })

  function answers(more: Record<string, unknown> = {}): void {
    serve({ '/residents': { items: [person] }, '/homes/2/profile': { contacts: [contact] }, '/incidents': made, '/incidents/made': { incident: made, entries: [], messages: [], proofs: [], services: [], numbers: {}, operators: {} }, ...more })
    const before = fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (init.method === 'POST' && url.endsWith('/incidents')) sent.push(JSON.parse(String(init.body)) as Record<string, unknown>)
      return before(url, init)
    })
  }

  const dialog = () => show(ByHandDialog, 'en')

  it('is searched for first, by keyboard, and told with the contact who calls', async () => {
    answers()
    const { wrapper, missing } = dialog()
    await flushPromises()
    expect(document.activeElement?.getAttribute('data-test')).toBe('person-search')
    await wrapper.find('[data-test=person-search]').setValue('shen')
    await vi.advanceTimersByTimeAsync(300)
    await wrapper.find('[data-test=person-search]').trigger('keydown', { key: 'ArrowDown' })
    expect(document.activeElement?.textContent).toContain('Shen Yulan')
    await wrapper.find('.found__one').trigger('click')
    await vi.advanceTimersByTimeAsync(10)
    expect(document.activeElement?.getAttribute('data-test')).toBe('by-hand-said')
    await wrapper.find('[data-test=by-hand-contact]').setValue(4)
    await wrapper.find('[data-test=by-hand-said]').setValue('fell in the kitchen')
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(sent).toMatchObject([{ kind: 'sos', resident_id: 1, contact_id: 4, said: 'fell in the kitchen', take: true, way: 'phone' }])
    expect(useDesk().selectedId).toBe('made')
    expect(wrapper.emitted('done')).toHaveLength(1)
    expect(missing).toEqual([])
  })

  it('may be nobody who is registered, also while the office is away', async () => {
    answers({ '/residents': away() })
    const { wrapper } = dialog()
    await wrapper.find('[data-test=person-search]').setValue('shen')
    await vi.advanceTimersByTimeAsync(300)
    await wrapper.find('[data-test=by-hand-kind]').setValue('fall')
    await wrapper.find('[data-test=by-hand-place]').setValue('east gate of the market')
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10)
    expect(sent).toMatchObject([{ kind: 'fall', resident_id: null, contact_id: null, place: 'east gate of the market' }])
  })

  it('is told again under the same command when no answer came, and what was written stays', async () => {
    answers({ '/incidents': refusal(503, 'not_stored') })
    const { wrapper } = dialog()
    await wrapper.find('[data-test=by-hand-said]').setValue('help')
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(wrapper.find('[role=alert]').exists()).toBe(true)
    expect(wrapper.emitted('done')).toBeUndefined()
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(sent.length).toBeGreaterThan(3)
    expect(new Set(sent.map((each) => each.command_id)).size).toBe(1)
  })
})
