import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'

import { eachInAFreshBrowser, foreignWords, refusal, remember, show } from '@/testing/pages'

import PastPane from './PastPane.vue'

eachInAFreshBrowser()

const kept = { recorded_at: '2026-01-01T00:00:00Z', recorded_by: 1, source: 'api', withdrawn_at: null, withdrawn_by: null, withdrawn_why: '' }
const past = {
  resident_id: 3,
  residences: [{ ...kept, id: 1, home_id: 5, region_id: 7, address: '7号楼', hukou_region_code: null, from_day: '2020-01-01', until_day: null }],
  facts: [{ ...kept, id: 2, kind: 'disability', value: 'physical', level: '2', document_masked: '****5678', assessed_by: '', from_day: '2020-01-01', until_day: null }],
  events: [{ ...kept, id: 4, kind: 'hospital', day: '2026-02-01', proof: '', withdrawn_at: '2026-03-01T00:00:00Z', withdrawn_why: '记错了人' }],
}

async function pane(language: 'en' | 'zh-CN' = 'en', answers: Record<string, unknown> = {}, mayEdit = true) {
  const sent = remember({ 'GET /homes/5/responsible': [], 'GET /residents/3/past': past, 'POST /residents/3/past/facts': past, 'POST /residents/3/past/events': past, ...answers })
  const shown = show(PastPane, language, { props: { residentId: 3, homeId: 5, mayEdit } })
  await flushPromises()
  return { ...shown, sent }
}

it.each(['en', 'zh-CN'] as const)('tells where somebody lived, what held and what happened in %s', async (language) => {
  const { wrapper, missing } = await pane(language)
  expect(wrapper.find('[data-test=past-facts]').text()).toContain('****5678')
  expect(wrapper.find('[data-test=past-events]').text()).toContain('记错了人')
  if (language === 'en') expect(foreignWords(wrapper.text(), past)).toEqual([])
  expect(missing).toEqual([])
})

it('adds an event', async () => {
  const { wrapper, sent } = await pane()
  await wrapper.find('[data-test=add-events]').trigger('click')
  await wrapper.find('#past-day').setValue('2026-03-02')
  await wrapper.find('form').trigger('submit')
  await flushPromises()
  expect(sent).toEqual([{ path: 'POST /residents/3/past/events', body: { reason: '', withdraw: [], put: [{ kind: 'hospital', day: '2026-03-02', proof: '' }] } }])
  expect(wrapper.find('form').exists()).toBe(false)
  expect(wrapper.emitted('corrected')).toHaveLength(1)
})

it('corrects a fact with a reason, and says why it may not', async () => {
  const { wrapper, sent } = await pane('en', { 'POST /residents/3/past/facts': refusal(409, 'past_overlaps') })
  await wrapper.find('[data-test=past-facts] .tools button').trigger('click')
  await wrapper.find('#past-level').setValue('1')
  await wrapper.find('#past-reason').setValue('as on the card')
  await wrapper.find('form').trigger('submit')
  await flushPromises()
  expect(sent[0]!.body).toMatchObject({ reason: 'as on the card', withdraw: [2], put: [{ kind: 'disability', value: 'physical', level: '1', until_day: null }] })
  expect(wrapper.find('[role=alert]').text()).toContain('correct it first')
  expect(wrapper.find('form').exists()).toBe(true)
})

it('lets nobody correct who may not', async () => {
  const { wrapper } = await pane('en', {}, false)
  expect(wrapper.findAll('button')).toHaveLength(0)
})
