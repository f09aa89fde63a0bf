import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'

import { eachInAFreshBrowser, foreignWords, me, refusal, remember, show, type Sent } from '@/testing/pages'

import ManageLists from './ManageLists.vue'

const list = { id: 3, kind: 'well_being', name: '平安电话', active: true }
const plan = { id: 9, list_id: 3, resident_id: 6, name: '沈玉兰', name_latin: 'Shen Yulan', phone: null, status: 'home', every: 'daily', weekday: null, month_day: null, at: '09:30:00', next_at: '2026-11-23T01:30:00Z' }
const found = { id: 6, name: '周阿姨', name_latin: 'Aunt Zhou', address: '7号楼', address_en: 'Building 7' }

let sent: Sent[]
const server = (answers: Record<string, unknown>) => (sent = remember(answers))

const usual = { 'GET /regions': [{ id: 1, name: '榆荫里', name_en: 'Yuyinli' }], 'GET /calls/lists/3/plans': [plan], 'POST /residents/search': { items: [found] }, 'POST /calls/lists/3/plans': plan, 'POST /calls/lists': list, 'PATCH /calls/lists/3': list }

eachInAFreshBrowser({ actions: [...me().actions, 'manage_calls'] })

async function shown(chosen: object | null = list, language: 'zh-CN' | 'en' = 'en') {
  const made = show(ManageLists, language, { props: { chosen } })
  await flushPromises()
  return made
}

it.each(['zh-CN', 'en'] as const)('shows in %s who is called when', async (language) => {
  server(usual)
  const { wrapper, missing } = await shown(list, language)
  expect(wrapper.find('[data-test=plan-row]').text()).toContain('09:30')
  expect(missing).toEqual([])
  if (language === 'en') expect(foreignWords(wrapper.text(), [list, plan])).toEqual([])
})

it('makes a list of devices with its days, and one of residents without', async () => {
  server(usual)
  const { wrapper } = await shown(null)
  await wrapper.find('[data-test=new-list] input').setValue('平安')
  await wrapper.find('[data-test=new-list]').trigger('submit')
  await flushPromises()
  expect(sent.at(-1)?.body).toMatchObject({ kind: 'well_being', rule: null, days: null })
  await wrapper.find('[data-test=new-list] select').setValue('press_test')
  await wrapper.find('[data-test=new-list] input').setValue('测试')
  await wrapper.find('[data-test=new-list]').trigger('submit')
  await flushPromises()
  expect(sent.at(-1)?.body).toMatchObject({ kind: 'press_test', name: '测试', region_id: 1, rule: { every: 'daily', weekday: null } })
  expect(wrapper.emitted('changed')).toHaveLength(2)
})

it('puts somebody on the list and takes them off', async () => {
  server(usual)
  const { wrapper } = await shown()
  await wrapper.find('[role=search] input[type=search]').setValue('zhou')
  await wrapper.find('[role=search]').trigger('submit')
  await flushPromises()
  const put = wrapper.findAll('button').find((each) => each.text() === 'Put on the list')
  await put?.trigger('click')
  await flushPromises()
  expect(sent.at(-1)).toMatchObject({ path: 'POST /calls/lists/3/plans', body: { resident_id: 6, every: 'daily', at: '09:30' } })
  await wrapper.find('[data-test=plan-row] button').trigger('click')
  await flushPromises()
  expect(sent.at(-1)?.path).toBe('DELETE /calls/plans/9')
})

it('lets a list rest, and says what is refused', async () => {
  server({ ...usual, 'PATCH /calls/lists/3': refusal(404, 'not_found') })
  const { wrapper } = await shown()
  await wrapper.findAll('button').find((each) => each.text() === 'Let it rest')?.trigger('click')
  await flushPromises()
  expect(sent.at(-1)?.body).toEqual({ active: false })
  expect(wrapper.find('[role=alert]').text()).toContain('does not exist')
})
