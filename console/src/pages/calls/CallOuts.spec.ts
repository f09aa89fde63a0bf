import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, me, refusal, remember, show } from '@/testing/pages'

import CallOuts from './CallOuts.vue'

const list = {
  id: 4, kind: 'satisfaction', name: '十一月回访', region_id: 1, region_name: '榆荫里', region_name_en: 'Yuyinli', active: true, by_voice: true, notice: '', created_at: '2026-11-22T03:00:00Z',
  items: { open: 3, done: 5, given_up: 2 }, voice: { ringing: 1, pressed: 5, unanswered: 2 }, scores: { 5: 3, 4: 1, 1: 1 }, wishes: 2, exchange: true,
}
const items = [
  { id: 9, state: 'done', result: 'rated', score: 4, wish: null, resident_id: 6, home_id: 5, name: '沈玉兰', name_latin: 'Shen Yulan', phone: '+8613900000001', voice_state: 'pressed', voice_outcome: 'pressed', voice_attempts: 1, pressed: '4', due_at: null },
  { id: 10, state: 'open', result: null, score: null, wish: 'speak', resident_id: 7, home_id: 6, name: '王秀英', name_latin: 'Wang Xiuying', phone: '+8613900000002', voice_state: 'pressed', voice_outcome: 'pressed', voice_attempts: 2, pressed: '9', due_at: null },
  { id: 11, state: 'open', result: null, score: null, wish: null, resident_id: 8, home_id: 7, name: null, name_latin: null, phone: null, voice_state: 'due', voice_outcome: null, voice_attempts: 0, pressed: null, due_at: '2026-11-23T00:30:00Z' },
]
const regions = [{ id: 1, name: '榆荫里', name_en: 'Yuyinli' }]
const usual = { 'GET /hotline/lists': [list], 'GET /hotline/lists/4/items': items, 'GET /regions': regions, 'POST /hotline/lists': list, 'PATCH /hotline/lists/4': { ...list, by_voice: false } }

eachInAFreshBrowser({ actions: [...me().actions, 'manage_calls'] })

async function shown(language: 'zh-CN' | 'en' = 'en') {
  const made = show(CallOuts, language)
  await flushPromises()
  return made
}

it.each(['zh-CN', 'en'] as const)('shows in %s how far a list has got, the scores, and who wants to speak with somebody', async (language) => {
  remember(usual)
  const { wrapper, missing } = await shown(language)
  expect(wrapper.find('[data-test=call-out]').text()).toContain('7')
  expect(wrapper.find('[data-test=scores] caption').text()).toContain('4.0')
  expect(wrapper.find('[data-test=wishes]').text()).toContain('2')
  await wrapper.find('[data-test=open-items]').trigger('click')
  await flushPromises()
  expect(wrapper.findAll('[data-test=out-items] tbody tr')).toHaveLength(3)
  expect(wrapper.find('[data-test=out-items]').text()).toContain('139 0000 0001')
  expect(missing).toEqual([])
  if (language === 'en') expect(foreignWords(wrapper.text(), [list, items, regions])).toEqual([])
})

it('makes a notice, which needs words', async () => {
  const sent = remember(usual)
  const { wrapper } = await shown()
  await wrapper.find('[data-test=out-kind]').setValue('notice')
  await wrapper.find('[data-test=out-name]').setValue(' Water ')
  await wrapper.find('[data-test=out-notice]').setValue('明天停水')
  await wrapper.find('form').trigger('submit')
  await flushPromises()
  expect(sent).toEqual([{ path: 'POST /hotline/lists', body: { kind: 'notice', name: 'Water', region_id: 1, notice: '明天停水', notice_en: '' } }])
})

it('stops a list, which goes to people', async () => {
  const sent = remember(usual)
  const { wrapper } = await shown()
  await wrapper.find('[data-test=let-ring]').trigger('click')
  await flushPromises()
  expect(sent).toEqual([{ path: 'PATCH /hotline/lists/4', body: { by_voice: false } }])
})

it('says that nobody is rung where there is no exchange', async () => {
  remember({ ...usual, 'GET /hotline/lists': [{ ...list, exchange: false }] })
  const { wrapper } = await shown()
  expect(wrapper.find('[data-test=no-exchange]').exists()).toBe(true)
})

it('says why a list is refused, and that the office is away', async () => {
  remember({ ...usual, 'POST /hotline/lists': refusal(422, 'nobody_there') })
  const { wrapper } = await shown()
  await wrapper.find('[data-test=out-name]').setValue('x')
  await wrapper.find('form').trigger('submit')
  await flushPromises()
  expect(wrapper.find('[data-test=call-out-refused]').text()).toContain('telephone')
  remember({ ...usual, 'GET /hotline/lists': away() })
  expect((await shown()).wrapper.findAll('[data-test=call-out]')).toHaveLength(0)
})
