import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fillBrowser, logIn, show } from '@/testing/pages'

import ChecklistPage from './ChecklistPage.vue'

const NAMES = ['region', 'hotline', 'operators', 'duty_list', 'gateway', 'text', 'devices', 'seats', 'trial', 'alarm', 'certificate', 'backup'] as const
const item = (name: string, done: boolean) => ({ name, done, by_hand: name === 'backup', figures: { n: 1, least: 2, homes: 3, names: 'mobile', at: done ? '2026-11-22T04:12:00Z' : null } })
const of = (missing: readonly string[], more = {}) => ({ items: NAMES.map((name) => item(name, !missing.includes(name))), in_service: null, confirmed: [], ...more })
const said = { what: 'in_service', at: '2026-11-22T04:12:00Z', user_name: '魏来', note: 'all tried' }
let sent: string[]
let answers: { get: object; post: object }

describe('what a site misses', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn({ grants: [{ role: 'administrator', region_id: 1 }], actions: ['manage_users'] })
    sent = []
    vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
      if (init.method !== 'GET') sent.push(String(init.body))
      return new Response(JSON.stringify(init.method === 'GET' ? answers.get : answers.post))
    })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['en', 'zh-CN'] as const)('stands there in words in %s, done or not, and never lets it be in service before', async (language) => {
    for (const missing of [NAMES, []]) {
      answers = { get: of(missing), post: {} }
      const { wrapper, missing: untranslated } = show(ChecklistPage, language)
      await flushPromises()
      expect(wrapper.findAll('li.is-missing')).toHaveLength(missing.length)
      await wrapper.get('[data-test=service-note]').setValue('all tried')
      expect(wrapper.get('[data-test=service-say]').attributes('disabled') !== undefined).toBe(missing.length > 0)
      expect(untranslated).toEqual([])
    }
  })

  it.each([['manage_users'], ['manage_users', 'see_incidents']] as const)('leads to the seat only whoever may sit there: %s %s', async (...actions) => {
    await logIn({ grants: [{ role: 'administrator', region_id: 1 }], actions: [...actions] })
    answers = { get: of(NAMES), post: {} }
    const { wrapper } = show(ChecklistPage, 'en')
    await flushPromises()
    expect(wrapper.find('[data-test=go-seats]').exists()).toBe(actions.length > 1)
    expect(wrapper.find('[data-test=go-devices]').exists()).toBe(true)
  })

  it('is tried with a test alarm, which says how far it has come', async () => {
    answers = { get: of(['trial']), post: {} }
    const { wrapper } = show(ChecklistPage, 'en')
    await flushPromises()
    expect(wrapper.find('[data-test=trial-state]').exists()).toBe(false)
    const trial = { ...item('trial', true), figures: { at: '2026-11-22T04:12:00Z', seen: '2026-11-22T04:12:01Z', sounding: null, taken: '2026-11-22T04:12:09Z', by: '林岚' } }
    answers.get = { ...of([]), items: [trial] }
    await wrapper.get('[data-test=trial-send]').trigger('click')
    await flushPromises()
    expect(sent.map((body) => Object.keys(JSON.parse(body) as object))).toEqual([['command_id']])
    expect(wrapper.findAll('[data-test=trial-state] .chip').map((chip) => chip.text())).toEqual(['✓ on a screen', '… heard', '✓ taken by 林岚'])
  })

  it('is ticked off by hand where the server cannot see it, and then the site is in service', async () => {
    answers = { get: of(['backup']), post: of([]) }
    const { wrapper } = show(ChecklistPage, 'en')
    await flushPromises()
    await wrapper.get('[data-test=backup-note]').setValue(' restored on the old PC ')
    await wrapper.get('[data-test=item-backup] form').trigger('submit')
    await flushPromises()
    expect(wrapper.findAll('li.is-missing')).toHaveLength(0)
    answers.post = of([], { in_service: said, confirmed: [said] })
    await wrapper.get('[data-test=service-note]').setValue('all tried')
    await wrapper.findAll('form').at(-1)!.trigger('submit')
    await flushPromises()
    expect(sent.map((body) => JSON.parse(body))).toEqual([
      { what: 'backup', note: 'restored on the old PC' },
      { what: 'in_service', note: 'all tried' },
    ])
    expect(wrapper.get('[data-test=checklist-state]').text()).toContain('魏来')
  })
})
