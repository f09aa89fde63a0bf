import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'

import { eachInAFreshBrowser, foreignWords, me, refusal, serve, show } from '@/testing/pages'

import RollCall from './RollCall.vue'
import { fromField, toField } from './rollCall'

const outages = [
  { since: '2026-11-22T03:00:00Z', until: '2026-11-22T05:00:00Z', source: null, devices: null },
  { since: '2026-11-21T03:00:00Z', until: '2026-11-22T05:00:00Z', source: 'dc09', devices: 9 },
]
const regions = [{ id: 1, name: '榆荫里', name_en: 'Yuyinli' }]
const totals = { homes: 12, without_phone: 2, by_risk: { high: 4 }, by_reason: { still_silent: 3 } }

eachInAFreshBrowser({ actions: [...me().actions, 'manage_calls'] })

async function shown(language: 'zh-CN' | 'en' = 'en') {
  const made = show(RollCall, language)
  await flushPromises()
  return made
}

it.each(['zh-CN', 'en'] as const)('proposes in %s what the server knows, counts, and makes the list', async (language) => {
  serve({ '/calls/outages': outages, '/regions': regions, '/calls/roll-calls/preview': totals, '/calls/roll-calls': { id: 4 } })
  const { wrapper, missing } = await shown(language)
  const proposed = wrapper.findAll('[data-test=outage]')
  expect(proposed).toHaveLength(2)
  await proposed[0]?.find('button').trigger('click')
  expect(wrapper.find<HTMLInputElement>('[data-test=since]').element.value).toBe('2026-11-22T11:00')
  await wrapper.find('form').trigger('submit')
  await flushPromises()
  expect(wrapper.find('[data-test=totals]').text()).toContain('12')
  await wrapper.find('[data-test=make]').trigger('click')
  await flushPromises()
  expect(wrapper.emitted('made')).toEqual([[{ id: 4 }]])
  expect(missing).toEqual([])
  if (language === 'en') expect(foreignWords(wrapper.text(), [outages, regions])).toEqual([])
})

it('counts anew when something else is asked', async () => {
  serve({ '/calls/outages': outages, '/regions': regions, '/calls/roll-calls/preview': totals })
  const { wrapper } = await shown()
  await wrapper.find('[data-test=outage] button').trigger('click')
  await wrapper.find('form').trigger('submit')
  await flushPromises()
  await wrapper.find('[data-test=until]').setValue('2026-11-22T12:00')
  expect(wrapper.find('[data-test=totals]').exists()).toBe(false)
})

it('says why a list is refused', async () => {
  serve({ '/calls/outages': outages, '/regions': regions, '/calls/roll-calls/preview': refusal(422, 'window_reversed') })
  const { wrapper } = await shown()
  await wrapper.find('[data-test=outage] button').trigger('click')
  await wrapper.find('form').trigger('submit')
  await flushPromises()
  expect(wrapper.find('[role=alert]').text()).toContain('must end after it began')
})

it.each([['Asia/Shanghai', '2026-11-22T11:00'], ['Europe/Berlin', '2026-11-22T04:00'], ['UTC', '2026-11-22T03:00']])('reads the fields of a form as times of the site in %s', (zone, typed) => {
  expect(toField('2026-11-22T03:00:00Z', zone)).toBe(typed)
  expect(fromField(typed, zone)).toBe('2026-11-22T03:00:00.000Z')
})
