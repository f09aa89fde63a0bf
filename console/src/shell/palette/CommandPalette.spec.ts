import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { away, fillBrowser, foreignWords, logIn, serve, show } from '@/testing/pages'

import CommandPalette from './CommandPalette.vue'

const resident = { id: 7, version: 1, home_id: 2, region_id: 6, name: '沈玉兰', name_latin: 'Shen Yulan', sex: 'female', age: 83, address: '7号楼', address_en: 'Building 7' }
const device = { id: 3, kind: 'pendant', identifier: '4711', assignments: [{ id: 1, home_id: 2, resident_id: null, address: '7号楼', resident_name: null }] }
const incident = { id: 'a-1', number: 37, kind: 'sos', state: 'closed', opened_at: '2026-11-27T08:00:00Z', identifier: '4711', home_id: 2, marks: [], signal_class: 'alarm', card: { people: [{ ...resident, pressed: true }], building: '7号楼', door: '501', entrance: '2' } }
const answers = { '/residents': { items: [resident] }, '/devices': { items: [device] }, '/history': { items: [incident], operators: [], next: null }, '/homes/2/profile': { residents: [resident] } }

const component = { render: () => null }
const routes = [
  { path: '/', name: 'seat', component, meta: { nav: 'seat.nav', action: 'see_incidents' as const, queue: true } },
  { path: '/residents', name: 'residents', component, meta: { nav: 'residents.nav', action: 'see_profiles' as const } },
]

describe('the palette', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    Element.prototype.scrollIntoView ??= () => undefined
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await logIn()
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  async function typed(words: string, language: 'zh-CN' | 'en' = 'en') {
    const shown = show(CommandPalette, language, { routes })
    await shown.wrapper.find('input').setValue(words)
    await vi.advanceTimersByTimeAsync(200)
    await flushPromises()
    return shown
  }

  const keysOf = (wrapper: ReturnType<typeof show>['wrapper']) => wrapper.findAll('[role=option]').map((line) => line.attributes('data-test'))

  it.each(['zh-CN', 'en'] as const)('finds people, incidents and devices in %s', async (language) => {
    serve(answers)
    const { wrapper, missing } = await typed('4711', language)
    expect(keysOf(wrapper)).toEqual(['residents:7', 'incidents:a-1', 'devices:3'])
    if (language === 'en') expect(foreignWords(wrapper.text(), answers)).toEqual([])
    expect(missing).toEqual([])
  })

  it.each(['老人', 'RESID'])('finds a page by its name in either language: %s', async (words) => {
    serve({ '/residents': { items: [] }, '/devices': { items: [] }, '/history': { items: [], operators: [], next: null } })
    const { wrapper } = await typed(words)
    expect(keysOf(wrapper)).toEqual(['pages:/residents'])
  })

  it('goes where the arrows have led, and a device to who lives there', async () => {
    serve(answers)
    const { wrapper, router } = await typed('4711')
    const field = wrapper.find('input')
    await field.trigger('keydown', { key: 'ArrowUp' })
    expect(wrapper.find('[aria-selected=true]').attributes('data-test')).toBe('devices:3')
    expect(field.attributes('aria-activedescendant')).toBe(wrapper.find('[aria-selected=true]').attributes('id'))
    await field.trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(router.currentRoute.value.fullPath).toBe('/residents?resident=7')
    expect(wrapper.emitted('done')).toHaveLength(1)
  })

  it('shows no one to whoever may not see profiles', async () => {
    serve(answers)
    await logIn({ actions: ['see_incidents'] })
    serve(answers)
    const { wrapper } = await typed('4711')
    expect(keysOf(wrapper)).toEqual(['incidents:a-1'])
  })

  it('says that the records are away, and shows what answers', async () => {
    serve({ ...answers, '/residents': away(), '/devices': away() })
    const { wrapper } = await typed('4711')
    expect(keysOf(wrapper)).toEqual(['incidents:a-1'])
    expect(wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })
})
