import { flushPromises } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'

import { eachInAFreshBrowser, foreignWords, remember, show } from '@/testing/pages'

import FormerHolders from './FormerHolders.vue'
import StandingPane from './StandingPane.vue'

eachInAFreshBrowser({}, { frozen: true })

const said = { id: 1, purpose: 'publicity', kind: 'granted', given_by: 'guardian', at: '2026-01-01T04:00:00Z', document: '同意书1', recorded_by: 1 }
const agent = { id: 2, contact_id: 4, staff_id: null, name: '沈岚', name_latin: 'Shen Lan', relation: '女儿', relation_en: 'daughter', phone: null, powers: ['pay'], from_day: '2020-01-01', until_day: '2021-01-01', document: '' }
const number = { id: 6, e164: '+8613900000007', holder: 'resident', holder_id: 3, name: '沈玉兰', name_latin: 'Shen Yulan', resident_id: 3, from_day: '2020-01-01', until_day: null, last_confirmed: null }
const had = { ...number, id: 7, until_day: '2021-01-01' }
const answers = {
  'GET /residents/3/consents': [said], 'GET /residents/3/agents': [agent], 'GET /residents/3/numbers': [number, had], 'GET /residents/3/contacts': [{ id: 4, name: '沈岚', name_latin: 'Shen Lan', relation: '女儿', relation_en: 'daughter' }], 'GET /staff': [],
  'POST /numbers/search': [number, had],
}

async function pane(language: 'en' | 'zh-CN' = 'en', mayEdit = true) {
  const sent = remember(answers)
  const shown = show(StandingPane, language, { props: { residentId: 3, mayEdit } })
  await flushPromises()
  return { ...shown, sent }
}

it.each(['en', 'zh-CN'] as const)('tells in %s what was agreed to, who may act, and who may only ask', async (language) => {
  const { wrapper, missing } = await pane(language)
  expect(wrapper.get('[data-test=consent-publicity] .chip--ok').text()).toBe(language === 'en' ? 'granted' : '同意')
  expect(wrapper.get('[data-test=consent-location] .chip').text()).toBe(language === 'en' ? 'not asked' : '未征询')
  expect(wrapper.get('[data-test=agent]').text()).toContain(language === 'en' ? 'over' : '已到期')
  expect(wrapper.get('[data-test=may-ask]').text()).toContain(language === 'en' ? 'may not spend' : '不能动用')
  expect(wrapper.findAll('[data-test=number]').map((each) => each.find('.chip--warn').exists())).toEqual([false, true])
  if (language === 'en') expect(foreignWords(wrapper.text(), answers)).toEqual([])
  expect(missing).toEqual([])
})

it('records that a consent was taken back', async () => {
  const { wrapper, sent } = await pane()
  await wrapper.get('[data-test=say-publicity]').trigger('click')
  expect(wrapper.emitted('dirty')).toEqual([[true]])
  await wrapper.get('form').trigger('submit')
  await flushPromises()
  expect(sent).toEqual([{ path: 'POST /residents/3/consents', body: { purpose: 'publicity', kind: 'withdrawn', given_by: 'self', document: '', at: null } }])
})

it('enters who may act, and that a number was reached', async () => {
  const { wrapper, sent } = await pane()
  await wrapper.get('[data-test=add-agent]').trigger('click')
  await flushPromises()
  await wrapper.get('[data-test=agent-person]').setValue('contact:4')
  await wrapper.get('form').trigger('submit')
  await flushPromises()
  expect(sent[0]).toMatchObject({ path: 'POST /residents/3/agents', body: { contact_id: 4, powers: ['order'], until_day: null } })
  await wrapper.get('[data-test=confirm-number]').trigger('click')
  await flushPromises()
  expect(sent[1]!.path).toBe('POST /residents/3/numbers/6/confirmed')
})

it('is to read for who may not change it', async () => {
  const { wrapper } = await pane('en', false)
  expect(wrapper.findAll('button')).toHaveLength(0)
})

it('an old holder of a number is told as such, and whoever has it stays in the list alone', async () => {
  remember(answers)
  const { wrapper, missing } = show(FormerHolders, 'en', { props: { query: '139-0000-0007' } })
  await vi.advanceTimersByTimeAsync(300)
  await flushPromises()
  expect(wrapper.findAll('[data-test=former-holders] li').map((each) => each.text())).toHaveLength(1)
  expect(wrapper.text()).toContain('had it until 2021-01-01, not any more')
  await wrapper.setProps({ query: '139' })
  expect(wrapper.find('[data-test=former-holders]').exists()).toBe(false)
  expect(missing).toEqual([])
})
