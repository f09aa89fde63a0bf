import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'

import type { PlanStep, Run } from '@/api/plans'
import { useIncidents } from '@/stores/incidents'
import { fillBrowser, foreignWords, logIn, refusal, serve, show } from '@/testing/pages'
import { entry, incident } from '@/testing/views'

import { useDesk } from '../desk'
import { useRun } from '../run'
import PlanTab from './PlanTab.vue'

const AT = '2026-11-22T04:12:00Z'
const one = incident({ id: 'a', home_id: 2, resident_id: 7, state: 'taken', taken_by: 1, taken_at: AT })
const contact = { id: 4, version: 1, resident_id: 7, rank: 2, name: '周晓梅', name_latin: 'Zhou Xiaomei', relation: '女儿', relation_en: 'daughter', phone: '+8613900100228' }
const profile = { building: null, contacts: [contact], responsible: [], consents: [], devices: [], home: { english: {} }, points: [], residents: [{ id: 7, name: '贺长林', name_latin: 'He Changlin', phone: '+8613900001001', second_phone: null }], settings: {} }

const look: PlanStep = { id: 'look', type: 'instruction', text: '看看氧气机', text_en: 'Look at the oxygen' }
const ask: PlanStep = { id: 'ask', type: 'question', text: '机器在转吗？', text_en: 'Is it running?', answers: [{ text: '在转', text_en: 'Yes' }, { text: '停了', text_en: 'No' }] }

function running(step: PlanStep | null, more: Partial<Run> = {}): Run {
  return {
    plan_id: 5, version: 2, name: '缺氧', name_en: 'Oxygen', kind: 'sos', resident_id: 7, started_at: AT, other: null, steps: step ? [step] : [],
    standing: { current: step?.id ?? null, since: AT, due_at: null, round: 1, done: [], undone: [], answers: [] }, ...more,
  }
}

describe('the plan at the seat', () => {
  let sent: [string, Record<string, unknown>][]

  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn()
    sent = []
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  async function tab(run: unknown, language: 'zh-CN' | 'en' = 'en', working = true) {
    const numbers = { ambulance: '0999-120', fire: '', police: '', hotline: '' }
    serve({ '/incidents/a/plan': run, '/incidents/a': { incident: one, entries: [], messages: [], proofs: [], numbers, services: [], needs_reason: [], operators: {} }, '/homes/2/profile': profile })
    const before = fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (init.method !== 'POST') return before(url, init)
      sent.push([url.replace('/api/v1/incidents/a/', ''), JSON.parse(String(init.body)) as Record<string, unknown>])
      return new Response(JSON.stringify({ ...one, version: 2 }))
    })
    useIncidents().applyUpserts([one], [])
    useDesk().open('a')
    const shown = show(PlanTab, language, { props: { incident: one, working } })
    await flushPromises()
    return shown
  }

  // what the step is, the answer pressed -> the command that does it
  it.each<[PlanStep, string, string, Record<string, unknown>]>([
    [look, '1', 'plan-steps', { step: 'look', answer: 'done' }],
    [look, '0', 'plan-steps', { step: 'look', answer: 'skipped' }],
    [ask, '2', 'plan-steps', { step: 'ask', answer: '2' }],
    [{ ...look, type: 'call', whom: 'resident' }, '2', 'steps', { step: 'call_back', result: 'no_answer' }],
    [{ ...look, type: 'call', whom: 'contact', rank: 2 }, '1', 'steps', { step: 'contact_called', result: 'reached', contact_id: 4 }],
    [{ ...look, type: 'call', whom: 'contact', rank: 3 }, '2', 'plan-steps', { step: 'look', answer: 'no_answer' }],
    [{ ...look, type: 'call', whom: 'ambulance' }, '1', 'steps', { step: 'ambulance_called', result: 'done' }],
    [{ ...look, type: 'call', whom: 'number', number: '96120' }, '3', 'plan-steps', { step: 'look', answer: 'busy' }],
    [{ ...look, type: 'text' }, '1', 'tell-next', {}],
    [{ ...look, type: 'text' }, '0', 'plan-steps', { step: 'look', answer: 'skipped' }],
    [{ ...look, type: 'wait', minutes: 5 }, '1', 'plan-steps', { step: 'look', answer: 'done' }],
  ])('does %o by one key %s', async (step, key, path, body) => {
    const { wrapper } = await tab(running(step))
    await wrapper.find('.plan').trigger('keydown', { key })
    await flushPromises()
    expect(sent).toEqual([[path, { command_id: expect.any(String), ...body }]])
  })

  it('asks who is sent before it is recorded', async () => {
    const { wrapper } = await tab(running({ ...look, type: 'send' }))
    await wrapper.find('[data-test=plan-answer-done]').trigger('click')
    expect(wrapper.emitted('dialog')).toEqual([['worker']])
    expect(sent).toEqual([])
  })

  it('takes no digit that is no answer, none that is held down, and none for somebody who only looks', async () => {
    const { wrapper } = await tab(running(ask))
    for (const [key, repeat] of [['0', false], ['3', false], ['1', true]] as const) {
      const event = new KeyboardEvent('keydown', { key, repeat, bubbles: true, cancelable: true })
      wrapper.find('.plan').element.dispatchEvent(event)
      expect(event.defaultPrevented).toBe(!repeat) // a key that is held down is nobody's
    }
    const onlooker = (await tab(running(ask), 'en', false)).wrapper
    const event = new KeyboardEvent('keydown', { key: '1', bubbles: true, cancelable: true })
    onlooker.find('.plan').element.dispatchEvent(event)
    await flushPromises()
    expect(event.defaultPrevented).toBe(false)
    expect(onlooker.find('.plan__choices').exists()).toBe(false)
    expect(sent).toEqual([])
  })

  it('answers once however often it is pressed, and keeps the focus for the next answer', async () => {
    const { wrapper } = await tab(running(ask))
    const button = wrapper.find<HTMLButtonElement>('[data-test=plan-answer-1]')
    button.element.focus()
    void button.trigger('click')
    void button.trigger('click')
    await flushPromises()
    expect(sent).toHaveLength(1)
    expect(document.activeElement).toBe(wrapper.find('.plan').element)
  })

  it('takes the answer to the next step while that to the one before is still on its way', async () => {
    const { wrapper } = await tab(running(look))
    const store = useRun()
    useDesk().busy = true
    void wrapper.find('[data-test=plan-answer-done]').trigger('click')
    store.run = { ...running(ask), standing: { ...running(ask).standing, done: [{ step: 'look', answer: 'done', at: AT, by: '王' }] } }
    await nextTick()
    void wrapper.find('[data-test=plan-answer-2]').trigger('click')
    await flushPromises()
    expect(sent.map(([, body]) => body)).toMatchObject([{ step: 'look', answer: 'done' }, { step: 'ask', answer: '2' }])
  })

  it.each(['zh-CN', 'en'] as const)('says in %s what was done when, by which answer, and takes the last back', async (language) => {
    const done = [{ step: 'look', answer: 'skipped', at: AT, by: '王' }, { step: 'ask', answer: '2', at: AT, by: '王' }]
    const run = running(null, { steps: [look, ask], other: { plan_id: 5, version: 3, name: '缺氧', name_en: 'Oxygen' } })
    const { wrapper, missing } = await tab({ ...run, standing: { ...run.standing, done, round: 2 } }, language)
    const rows = wrapper.findAll('[data-test=plan-done]').map((row) => row.text())
    expect(rows[0]).toContain(language === 'en' ? 'Look at the oxygen' : '看看氧气机')
    expect(rows[1]).toContain(language === 'en' ? 'No' : '停了')
    expect(rows[1]).toMatch(/12:12/)
    await wrapper.find('[data-test=plan-back]').trigger('click')
    await flushPromises()
    expect(sent).toEqual([['plan-steps', { command_id: expect.any(String), step: 'ask', answer: 'back' }]])
    await wrapper.find('[data-test=plan-other] button').trigger('click')
    await flushPromises()
    expect(sent[1]?.[0]).toBe('plan')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [])).toEqual([])
  })

  it.each<[Partial<PlanStep>, string, string]>([
    [{ whom: 'resident' }, 'tel:+8613900001001', 'He Changlin'],
    [{ whom: 'contact', rank: 2 }, 'tel:+8613900100228', 'Zhou Xiaomei daughter'],
    [{ whom: 'ambulance' }, 'tel:0999-120', '120'],
    [{ whom: 'fire' }, 'tel:119', '119'],
    [{ whom: 'number', number: '96120' }, 'tel:96120', '96120'],
  ])('shows at a call of %o the number to dial, of the region where it names one', async (whom, href, words) => {
    const { wrapper } = await tab(running({ ...look, type: 'call', ...whom }))
    expect(wrapper.find('a').attributes('href')).toBe(href)
    expect(wrapper.find('[data-test=plan-now]').text()).toContain(words)
  })

  it('has nothing to press before the take, and begins by a press where the take came first', async () => {
    const waiting = running(ask, { started_at: null })
    const { wrapper } = await tab(waiting)
    expect(wrapper.find('.plan__choices').exists()).toBe(false)
    await wrapper.find('button').trigger('click')
    await flushPromises()
    expect(sent[0]?.[0]).toBe('plan')
  })

  it('reads the plan anew when the timeline tells of a step', async () => {
    const { wrapper } = await tab(running(look))
    expect(wrapper.find('[data-test=plan-text]').text()).toBe('Look at the oxygen')
    serve({ '/incidents/a/plan': running(ask), '/incidents/a': refusal(503, 'unavailable') })
    useIncidents().applyUpserts([{ ...one, version: 2 }], [entry(one, 2, { kind: 'plan_step' })])
    await flushPromises()
    expect(wrapper.find('[data-test=plan-text]').text()).toBe('Is it running?')
  })

  it('says that the plan could not be read, and reads it again', async () => {
    const { wrapper } = await tab(refusal(503, 'unavailable'))
    expect(wrapper.find('[role=alert]').exists()).toBe(true)
    serve({ '/incidents/a/plan': running(ask), '/incidents/a': refusal(503, 'unavailable') })
    await wrapper.find('[role=alert] button').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=plan-now]').exists()).toBe(true)
  })
})
