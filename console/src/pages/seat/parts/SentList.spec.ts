import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { TimelineView } from '@/api/wire'
import { away, fillBrowser, foreignWords, logIn, refusal, remember, show, type Sent } from '@/testing/pages'
import { incident } from '@/testing/views'

import SendDialog from '../dialogs/SendDialog.vue'
import SentList from './SentList.vue'

const alarm = incident({ id: 'a', state: 'taken', taken_by: 1 })
const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000 - 1_000).toISOString()
const FIELD = {
  at: '2026-03-14T04:12:00Z', tasks: [], hindered_count: 1,
  suggestions: [
    { staff_id: 12, name: 'Li Ping', phone: '+8613900000012', kinds: ['caregiver'], minutes: 7, reasons: [{ merit: 'holds_key', value: '' }, { merit: 'minutes', value: '7' }, { merit: 'jobs_today', value: '2' }] },
    { staff_id: 13, name: 'Wang Fang', phone: null, kinds: ['volunteer'], minutes: null, reasons: [{ merit: 'no_position', value: '' }] },
  ],
  hindered: [{ staff_id: 14, name: 'Zhao Gang', phone: '+8613900000014', kinds: ['caregiver'], why: 'off_duty' }],
}
const said = (number: number, kind: string, data: object) => ({ incident_id: 'a', number, at: '2026-03-14T04:12:00Z', kind, user_id: null, user_name: null, data }) as unknown as TimelineView
const step = (number: number, name: string, parts: object = {}) => said(number, 'field', { task_id: 't', n: number, step: name, staff_id: 12, staff: 'Li Ping', minutes: null, eta: null, reason: '', happened_at: null, ...parts })
const ASKED = said(1, 'sent', { task_id: 't', what: 'look in', staff: '', until: soon(45) })

describe('sending somebody', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn({ actions: ['work_incidents', 'see_field'] })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  const opened = async (language: 'zh-CN' | 'en', field: unknown, parts = {}, answer: unknown = { ...alarm, version: 2 }) => {
    const sent: Sent[] = remember({ 'GET /incidents/a/field': field, 'POST /incidents/a/send': answer })
    const shown = show(SendDialog, language, { props: { incident: { ...alarm, ...parts } } })
    await flushPromises()
    return { ...shown, sent, body: () => sent.at(-1)?.body }
  }

  it.each(['zh-CN', 'en'] as const)('lists in %s the best with their reasons, and Enter asks the best ones', async (language) => {
    const { wrapper, missing, body } = await opened(language, FIELD)
    const rows = wrapper.findAll('[data-test=send-suggestion]').map((each) => each.text())
    expect(rows[0]).toContain('7')
    expect(wrapper.get('[data-test=send-suggestion] a').attributes('href')).toBe('tel:+8613900000012')
    expect(wrapper.get('[data-test=send-others]').text()).toContain('Zhao Gang')
    expect(wrapper.get<HTMLInputElement>('[data-test=send-best]').element.checked).toBe(true)
    await wrapper.get('[data-test=send-best]').trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(body()).toMatchObject({ staff_id: null, kinds: [], command_id: expect.any(String) })
    expect(wrapper.emitted('done')).toHaveLength(1)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.html(), [])).toEqual([])
  })

  it('asks whoever is picked, and says what it asks for', async () => {
    const { wrapper, body } = await opened('en', FIELD)
    await wrapper.get('[data-test=send-to-13]').setValue()
    await wrapper.get('[data-test=send-hazards]').setValue('a dog')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(body()).toMatchObject({ staff_id: 13, hazards: 'a dog', what: expect.stringContaining('look in') })
  })

  it.each(['zh-CN', 'en'] as const)('sends in %s without a list while the office is away', async (language) => {
    const { wrapper, missing, body } = await opened(language, away())
    expect(wrapper.find('[data-test=send-no-list]').exists()).toBe(true)
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(body()).toMatchObject({ staff_id: null })
    expect(wrapper.emitted('done')).toHaveLength(1)
    expect(missing).toEqual([])
  })

  it('asks for the place of a caller whom nobody knows, and names the word that must not go to a phone', async () => {
    const refused = new Response(JSON.stringify({ error: { code: 'not_for_phones', message: '', params: { word: 'cancer' } } }), { status: 422 })
    const { wrapper } = await opened('en', FIELD, { home_id: null }, refused)
    await wrapper.get('[data-test=send-place]').setValue('bus stop')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(wrapper.get('[data-test=send-error]').text()).toContain('cancer')
    expect(wrapper.emitted('done')).toBeUndefined()
  })

  it.each(['zh-CN', 'en'] as const)('shows in %s who is asked, who comes when, and that they are there', async (language) => {
    remember({ 'GET /incidents/a/field': refusal(503, 'office_away') })
    const { wrapper, missing } = show(SentList, language, { props: { incident: alarm, entries: [ASKED, step(2, 'offered', { minutes: 7 })] } })
    const state = () => wrapper.get('[data-test=sent-state]').text()
    expect(wrapper.get('[data-test=sent-who]').text()).toContain('Li Ping')
    expect(state().startsWith('?')).toBe(true)
    await wrapper.setProps({ entries: [ASKED, step(2, 'accepted'), step(3, 'set_out', { eta: soon(5.9) })] })
    expect(wrapper.get('[data-test=sent-eta]').text()).toContain('6')
    expect(state().startsWith('→')).toBe(true)
    await wrapper.setProps({ entries: [ASKED, step(2, 'accepted'), step(4, 'arrived')] })
    expect(state().startsWith('●')).toBe(true)
    expect(wrapper.find('[data-test=sent-eta]').exists()).toBe(false)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.html(), [])).toEqual([])
  })

  it.each(['zh-CN', 'en'] as const)('is loud in %s when nobody is left to ask, until somebody is found', async (language) => {
    remember({ 'GET /incidents/a/field': FIELD })
    const lost = { ...alarm, marks: ['field_unplaced'] }
    const { wrapper, missing } = show(SentList, language, { props: { incident: lost, entries: [ASKED, step(2, 'unplaced', { staff_id: null, staff: '' })] } })
    expect(wrapper.get('[role=alert]').text()).toContain('▲')
    await wrapper.get('[data-test=sent-find]').trigger('click')
    expect(wrapper.emitted('find')).toHaveLength(1)
    await wrapper.setProps({ incident: alarm, entries: [ASKED, step(3, 'given')] })
    expect(wrapper.find('[role=alert]').exists()).toBe(false)
    expect(missing).toEqual([])
  })
})
