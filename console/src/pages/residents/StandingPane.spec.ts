import { flushPromises } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'

import { eachInAFreshBrowser, foreignWords, remember, show } from '@/testing/pages'

import FormerHolders from './FormerHolders.vue'
import StandingPane from './StandingPane.vue'

eachInAFreshBrowser({ actions: ['see_profiles', 'edit_residents', 'book_tasks'] }, { frozen: true })

const said = { id: 1, purpose: 'publicity', kind: 'granted', given_by: 'guardian', at: '2026-01-01T04:00:00Z', document: '同意书1', recorded_by: 1 }
const agent = { id: 2, contact_id: 4, staff_id: null, name: '沈岚', name_latin: 'Shen Lan', relation: '女儿', relation_en: 'daughter', phone: null, powers: ['pay'], from_day: '2020-01-01', until_day: '2021-01-01', document: '' }
const number = { id: 6, e164: '+8613900000007', holder: 'resident', holder_id: 3, name: '沈玉兰', name_latin: 'Shen Yulan', resident_id: 3, from_day: '2020-01-01', until_day: null, last_confirmed: null }
const had = { ...number, id: 7, until_day: '2021-01-01' }
const wish = { id: 'w1', version: 1, resident_id: 3, words: '让护理员陪我唠唠嗑', said_by: '', said_at: '2026-01-01T04:00:00Z', call_id: null, call_item_id: 7, heard_by_name: '林晓雯', state: 'open', ended_at: null, ended_words: '', ended_by_name: '', task_id: null }
const fulfilled = { ...wish, id: 'w2', state: 'done', ended_at: '2026-01-02T04:00:00Z', ended_words: '聊了半小时', ended_by_name: '王敏' }
const answers = {
  'GET /residents/3/wishes': [wish, fulfilled], 'POST /residents/3/wishes': wish, 'POST /wishes/w1/end': fulfilled,
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
  expect(wrapper.findAll('button:not([data-test$=-wish])')).toHaveLength(0)
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

it('writes down a wish, and ends one with a word', async () => {
  const { wrapper, sent } = await pane()
  const [open, done] = wrapper.findAll('[data-test=wish]')
  expect(open!.text()).toContain('in a call with 林晓雯')
  expect(done!.text()).toContain('聊了半小时 · 王敏')
  expect(done!.find('[data-test=end-wish]').exists()).toBe(false)
  await open!.get('[data-test=end-wish]').trigger('click')
  await wrapper.get('[data-test=ended-words]').setValue('女儿每天来')
  await wrapper.get('form').trigger('submit')
  await flushPromises()
  expect(sent.at(-1)).toEqual({ path: 'POST /wishes/w1/end', body: { version: 1, state: 'done', words: '女儿每天来' } })
  await wrapper.get('[data-test=add-wish]').trigger('click')
  await wrapper.get('[data-test=wish-words]').setValue('买一份晚报')
  await wrapper.get('form').trigger('submit')
  await flushPromises()
  expect(sent.at(-1)).toMatchObject({ path: 'POST /residents/3/wishes', body: { words: '买一份晚报', said_by: '' } })
})
