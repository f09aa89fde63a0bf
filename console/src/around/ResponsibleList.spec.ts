import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'

import { eachInAFreshBrowser, foreignWords, remember, show } from '@/testing/pages'

import ResponsibleList from './ResponsibleList.vue'

eachInAFreshBrowser()

const row = { id: 1, home_id: 5, region_id: null, staff_id: 9, duty: 'key_holder', name: '李邻居', name_latin: 'Li Linju', phone: '+8613900000007', languages: ['普通话'], from_day: '2020-01-01', until_day: null }
const ofRegion = { ...row, id: 2, home_id: null, region_id: 7, duty: 'grid_worker', name: '王网格', name_latin: 'Wang Wangge' }
const answers = { 'GET /homes/5/responsible': [row, ofRegion], 'GET /staff': [{ id: 9, name: '李邻居', phone: null }] }

async function list(language: 'en' | 'zh-CN' = 'en', props: Record<string, unknown> = { mayEdit: true }) {
  const sent = remember(answers)
  const shown = show(ResponsibleList, language, { props: { place: { home: 5 }, ...props } })
  await flushPromises()
  return { ...shown, sent }
}

it.each(['en', 'zh-CN'] as const)('tells in %s who it is, as what, and whom one dials', async (language) => {
  const { wrapper, missing } = await list(language)
  expect(wrapper.findAll('[data-test=responsible] a').map((each) => each.attributes('href'))).toEqual(['tel:+8613900000007', 'tel:+8613900000007'])
  expect(wrapper.findAll('[data-test=end]'), 'the region keeps its own').toHaveLength(1)
  if (language === 'en') expect(foreignWords(wrapper.text(), answers)).toEqual([])
  expect(missing).toEqual([])
})

it('enters somebody, and ends them', async () => {
  const { wrapper, sent } = await list()
  await wrapper.get('[data-test=add-responsible]').trigger('click')
  await flushPromises()
  await wrapper.get('[data-test=who]').setValue(9)
  await wrapper.get('form').trigger('submit')
  await flushPromises()
  expect(sent[0]).toMatchObject({ path: 'POST /responsible', body: { home_id: 5, staff_id: 9, duty: 'key_holder', until_day: null } })
  await wrapper.get('[data-test=end]').trigger('click')
  await flushPromises()
  expect(sent[1]).toMatchObject({ path: 'PUT /responsible/1', body: { staff_id: 9, duty: 'key_holder', from_day: '2020-01-01' } })
})

it('is read only as it was on a day', async () => {
  const { wrapper } = await list('en', { mayEdit: true, day: '2024-01-01' })
  expect(wrapper.findAll('button')).toHaveLength(0)
})
