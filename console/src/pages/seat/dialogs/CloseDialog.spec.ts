import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fillBrowser, logIn, serve, show } from '@/testing/pages'
import { useIncidents } from '@/stores/incidents'
import { entry, incident } from '@/testing/views'

import { useDesk } from '../desk'

import CloseDialog from './CloseDialog.vue'

const run = {
  plan_id: null, version: 0, name: '紧急求助', name_en: 'Call for help', kind: 'sos', resident_id: null, started_at: '2026-11-22T04:12:00Z', other: null,
  steps: [{ id: 'send', type: 'send', text: '', text_en: '' }, { id: 'safe', type: 'instruction', text: '记录谁确认平安', text_en: 'Record who confirmed it' }],
  standing: { current: null, since: '2026-11-22T04:12:00Z', due_at: null, round: 1, done: [], undone: ['send', 'safe'], answers: [] },
}
const one = incident({ id: 'a', state: 'taken', taken_by: 1 })

describe('closing an incident', () => {
  let sent: string[]

  beforeEach(async () => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    fillBrowser()
    await logIn({ grants: [{ role: 'supervisor', region_id: 1 }] })
    const texts = ['139****0228', '139****0229'].map((recipient) => ({ kind: 'nobody_reached', language: 'en', text: 'Shen Yulan: nobody was reached.', recipient, contact_id: null }))
    serve({ '/incidents/a': { incident: one, entries: [], messages: [], proofs: [], needs_reason: ['nobody_reached'], numbers: {}, services: [], operators: {} }, '/incidents/a/plan': run, '/homes': { contacts: [] }, '/incidents/a/close/preview': texts, '/incidents/a/close': { ...one, version: 2, state: 'closed' } })
    sent = []
    const before = fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (url.endsWith('/close')) sent.push(String(init.body))
      return before(url, init)
    })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
    document.body.replaceChildren()
  })

  it.each(['zh-CN', 'en'] as const)('shows in %s the text that will be read, and wants a reason for what nobody has recorded', async (language) => {
    const { wrapper, missing } = show(CloseDialog, language, { props: { incident: one, told: 1, entries: [], profile: null } })
    await wrapper.find('input[value=nobody_reached]').setValue()
    await vi.advanceTimersByTimeAsync(400)
    expect(wrapper.findAll('[data-test=close-text]').map((each) => each.text())).toEqual([expect.stringMatching(/nobody was reached.*0228.*0229/)])
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10)
    expect(wrapper.findAll('[role=alert]')).toHaveLength(1)
    expect(sent).toEqual([])
    await wrapper.find('[data-test=close-note]').setValue('Called twice from another phone')
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10)
    expect(sent).toHaveLength(1)
    expect(missing).toEqual([])
  })
  it.each(['zh-CN', 'en'] as const)('asks in %s what was wanted, of a request that was served', async (language) => {
    const request = { ...one, signal_class: 'service' as const, kind: 'help', kinds: ['help'] }
    const { wrapper, missing } = show(CloseDialog, language, { props: { incident: request, told: 0, entries: [], profile: null } })
    await wrapper.find('input[value=service_done]').setValue()
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10)
    expect(wrapper.findAll('[role=alert]')).toHaveLength(1)
    expect(sent).toEqual([])
    await wrapper.find('[data-test=close-wanted]').setValue('meal')
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10)
    expect(JSON.parse(sent[0]!)).toMatchObject({ outcome: 'service_done', wanted: 'meal' })
    expect(missing).toEqual([])
  })

  it.each(['zh-CN', 'en'] as const)('says in %s that nobody reached is for a supervisor to close, before anything is sent', async (language) => {
    await logIn()
    const { wrapper, missing } = show(CloseDialog, language, { props: { incident: one, told: 1, entries: [], profile: null } })
    await wrapper.find('input[value=nobody_reached]').setValue()
    expect(wrapper.find('[data-test=needs-supervisor]').exists()).toBe(true)
    await wrapper.find('[data-test=close-note]').setValue('Called twice from another phone')
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10)
    expect(sent).toEqual([])
    expect(missing).toEqual([])
  })

  it.each([['zh-CN', ['派人上门', '记录谁确认平安']], ['en', ['Send a worker', 'Record who confirmed it']]] as const)('shows in %s what the plan left undone, and closes all the same', async (language, steps) => {
    useIncidents().applyUpserts([one], [])
    useDesk().open('a')
    await vi.advanceTimersByTimeAsync(10)
    const { wrapper, missing } = show(CloseDialog, language, { props: { incident: one, told: 0, entries: [], profile: null } })
    await vi.advanceTimersByTimeAsync(10)
    expect(wrapper.findAll('[data-test=close-undone] li').map((each) => each.text())).toEqual(steps)
    await wrapper.find('input[value=test]').setValue()
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10)
    expect(sent).toHaveLength(1)
    expect(missing).toEqual([])
  })

  it.each(['zh-CN', 'en'] as const)('names in %s whoever was sent and goes on, and nobody who was only asked', (language) => {
    const step = (number: number, name: string) => entry(one, number, { kind: 'field', data: { task_id: 't', step: name, staff_id: 12, staff: 'Li Ping', minutes: null, eta: null, reason: '', happened_at: null } })
    const asked = [step(1, 'offered')]
    const { wrapper, missing } = show(CloseDialog, language, { props: { incident: one, told: 0, entries: [...asked, step(2, 'accepted')], profile: null } })
    expect(wrapper.get('[data-test=still-going]').text()).toContain('Li Ping')
    expect(show(CloseDialog, language, { props: { incident: one, told: 0, entries: asked, profile: null } }).wrapper.find('[data-test=still-going]').exists()).toBe(false)
    expect(missing).toEqual([])
  })

  it('takes over who confirmed safe and where, also when their entry comes after the form, and never over what is written', async () => {
    const entry = { incident_id: 'a', number: 3, at: '2026-11-22T04:13:00Z', kind: 'step', user_id: 1, user_name: '', data: { step: 'safe', result: 'done', by: 'daughter', where: 'city hospital' } }
    const { wrapper } = show(CloseDialog, 'en', { props: { incident: one, told: 1, entries: [], profile: null } })
    await wrapper.find('input[value=emergency]').setValue()
    await wrapper.find('[data-test=safe-where]').setValue('at home')
    await wrapper.setProps({ entries: [entry] })
    expect((wrapper.find('[data-test=safe-by]').element as HTMLInputElement).value).toBe('daughter')
    expect((wrapper.find('[data-test=safe-where]').element as HTMLInputElement).value).toBe('at home')
  })
})
