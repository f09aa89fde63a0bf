import { expect, it } from 'vitest'

import { person } from '@/testing/field'
import { eachInAFreshBrowser, show } from '@/testing/pages'

import FieldPanel from './FieldPanel.vue'

eachInAFreshBrowser()

Element.prototype.scrollIntoView ??= () => undefined // jsdom lays nothing out

const NOW = Date.parse('2026-03-14T09:00:42Z')
const busy = { name: '刘芳', task_kind: 'visit', task_state: 'under_way', since: '2026-03-14T08:50:00Z' }

function field(silent = false) {
  const people = new Map([person(1, { name: '周伟', kinds: ['driver'] }), person(2, busy), person(3, { name: '无位', at: null, lat: null, lng: null })].map((each) => [each.staff_id, each]))
  return { people, now: NOW, sinceMs: silent ? 40_000 : 500, silent }
}
const mounted = (language: 'zh-CN' | 'en', props: object) => show(FieldPanel, language, { props: { field: field(), chosen: null, pointed: null, ...props } })

it.each(['zh-CN', 'en'] as const)('says of whoever is chosen who, what, since when and how old it is, in %s', (language) => {
  const { wrapper, missing } = mounted(language, { chosen: 2 })
  const card = wrapper.get('[data-test=field-card]').text()
  expect(card).toContain('刘芳')
  expect(card).toContain(language === 'en' ? 'Visit, on the way' : '上门服务（在路上）')
  expect(card).toContain(language === 'en' ? 'seen 42 s ago' : '42 秒前的位置')
  expect(missing).toEqual([])
})

it('is walked through by the keys, the busy first', async () => {
  const { wrapper } = mounted('en', {})
  await wrapper.get('[data-test=field-open]').trigger('click')
  const list = wrapper.get('[data-test=field-list]')
  expect(wrapper.findAll('[data-test=field-row]').map((row) => row.get('b').text())).toEqual(['刘芳', '周伟', '无位'])
  await list.trigger('keydown', { key: 'ArrowDown' })
  await list.trigger('keydown', { key: 'End' })
  await list.trigger('keydown', { key: 'Escape' })
  expect(wrapper.emitted('choose')).toEqual([[2], [3], [null]])
})

it('counts who has no position, and says when nobody answers', () => {
  const { wrapper } = mounted('en', { field: field(true), quiet: true })
  expect(wrapper.get('[data-test=field-count]').text()).toBe('In the field 3 · 1 without a position')
  expect(wrapper.get('[data-test=field-silent]').text()).toContain('40 s old')
  expect(wrapper.find('[data-test=field-open]').exists()).toBe(false)
})
