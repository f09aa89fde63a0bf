import { expect, it } from 'vitest'

import type { Profile } from '@/api/profile'
import { eachInAFreshBrowser, foreignWords, serve, show } from '@/testing/pages'

import ContactsTab from './ContactsTab.vue'

eachInAFreshBrowser()

const helper = (id: number, duty: string, home_id: number | null, phone: string | null) => ({ id, home_id, region_id: home_id ? null : 7, staff_id: id, duty, name: `帮手${id}`, name_latin: `Helper ${id}`, phone, languages: ['普通话'], from_day: '2020-01-01', until_day: null })
const profile = {
  contacts: [], residents: [{ id: 1, name: '沈玉兰', name_latin: 'Shen Yulan' }], points: [], settings: { sms_policy: 'at_once' },
  responsible: [helper(1, 'grid_worker', null, '+8613900000007'), helper(2, 'key_holder', 5, '+8613900000008')],
  consents: [{ resident_id: 1, purpose: 'family_texts', kind: 'withdrawn', at: '2026-01-01T00:00:00Z' }, { resident_id: 1, purpose: 'recording', kind: 'refused', at: '2026-01-01T00:00:00Z' }],
} as unknown as Profile

it.each(['zh-CN', 'en'] as const)('gives key holder and grid worker with one click to dial, and says in %s what a refusal does not stop', (language) => {
  serve({})
  const { wrapper, missing } = show(ContactsTab, language, { props: { incident: { id: 'a', resident_id: 1, marks: [] }, profile, memory: null, entries: [], messages: [], working: true } })
  const rows = wrapper.findAll('[data-test=looking-after]')
  expect(rows.map((row) => row.get('a').attributes('href'))).toEqual(['tel:+8613900000008', 'tel:+8613900000007'])
  expect(rows[0]!.text()).toContain(language === 'en' ? 'Key holder' : '钥匙保管人')
  expect(wrapper.findAll('[data-test=refused-texts]').map((each) => each.text())).toEqual([expect.stringContaining(language === 'en' ? 'they are told all the same' : '照常通知家属')])
  if (language === 'en') expect(foreignWords(wrapper.text(), [])).toEqual([])
  expect(missing).toEqual([])
})
