import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { logIn, show } from '@/testing/pages'

import AnnouncePanel from './AnnouncePanel.vue'

const person = (user_id: number, name_en: string, read_at: string | null) => ({ user_id, name: '王敏', name_en, read_at })
const told = {
  id: 'a', version: 1, words: 'No power in 3', must_acknowledge: true, region_ids: [1], by_id: 9, by_name: '赵一鸣', written_at: '2026-11-22T04:12:00Z',
  until_at: '2026-11-22T05:12:00Z', ended_at: null, people: [person(7, 'Wang Min', '2026-11-22T04:13:00Z'), person(8, 'Li Qiang', null)],
}
const regions = [
  { id: 1, path: [1], name: '榆州', name_en: 'Yuzhou' }, { id: 2, path: [1, 2], name: '东榆', name_en: 'East' }, { id: 3, path: [1, 3], name: '西柳', name_en: 'West' },
]
let asked: { url: string; body: Record<string, unknown> }[]

beforeEach(async () => {
  setActivePinia(createPinia())
  await logIn({ grants: [{ role: 'supervisor', region_id: 2 }] })
  asked = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (init.method === 'POST') asked.push({ url, body: init.body ? JSON.parse(String(init.body)) : {} })
    const ended = { ...told, version: 2, ended_at: '2026-11-22T04:20:00Z' }
    return new Response(JSON.stringify(url.endsWith('/regions') ? regions : url.endsWith('/end') ? ended : init.method === 'POST' ? told : [told]))
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.replaceChildren()
})

it.each([['en', 'Li Qiang'], ['zh-CN', '王敏']] as const)('says in %s who has read it and who has not', async (language, name) => {
  const { wrapper, missing } = show(AnnouncePanel, language)
  await flushPromises()
  expect(wrapper.get('[data-test=announced-unread]').text()).toContain(name)
  expect(wrapper.findAll('[data-test=announce-region] option')).toHaveLength(2) // all, and the one region that is theirs
  expect(missing).toEqual([])
})

it('sends what was written, and takes it back', async () => {
  const { wrapper } = show(AnnouncePanel, 'en')
  await flushPromises()
  expect(wrapper.get('[data-test=announce-send]').attributes('disabled')).toBeDefined()
  await wrapper.get('[data-test=announce-words]').setValue('  No power in 3 ')
  await wrapper.get('form').trigger('submit')
  await flushPromises()
  expect(asked[0]!.body).toMatchObject({ words: 'No power in 3', must_acknowledge: true, region_id: null, minutes: 60 })
  await wrapper.get('[data-test=announced-end]').trigger('click')
  await flushPromises()
  expect(wrapper.find('[data-test=announced-end]').exists()).toBe(false)
})
