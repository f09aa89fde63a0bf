import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { fillBrowser, logIn, show } from '@/testing/pages'

import PhonesPage from './PhonesPage.vue'

const anna = { id: 7, name: '王敏', phone: '+8613800001001' }
const phone = { id: 'abc', device: 'V2307A', opened_by: 'code', opened_at: '2026-11-22T04:12:00Z', used_at: null, until_at: '2026-12-22T04:12:00Z' }
const link = { address: 'https://centre.test/m.html#in=ABCD', picture: '<svg xmlns="http://www.w3.org/2000/svg"/>', until_at: '2026-11-23T04:12:00Z' }
let sent: string[]

beforeEach(async () => {
  setActivePinia(createPinia())
  fillBrowser()
  await logIn({ grants: [{ role: 'dispatcher', region_id: 1 }], actions: ['dispatch'] })
  sent = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const path = url.replace('/api/v1', '')
    if (path === '/names/latin') return new Response('{}') // how a name is read: reading, too
    if (init.method !== 'GET') sent.push(`${init.method} ${path} ${String(init.body ?? '')}`.trim())
    if (init.method === 'DELETE') return new Response(null, { status: 204 })
    return new Response(JSON.stringify(init.method === 'POST' ? link : path.startsWith('/staff/7/phones') ? [phone] : [anna]))
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.replaceChildren()
})

it.each(['en', 'zh-CN'] as const)('shows in %s whose phones are let in, a link once, and ends one after one more question', async (language) => {
  const { wrapper, missing } = show(PhonesPage, language)
  await flushPromises()
  await wrapper.get('[data-test=phones-staff]').trigger('click')
  await flushPromises()
  expect(wrapper.get('[data-test=phone-row]').text()).toContain('V2307A')
  await wrapper.get('[data-test=phone-link]').trigger('click')
  await flushPromises()
  expect(wrapper.get<HTMLInputElement>('[data-test=phone-address]').element.value).toBe(link.address)
  expect(wrapper.get('img').attributes('src')).toMatch(/^data:image\/svg/)
  await wrapper.get('[data-test=phone-end]').trigger('click')
  await wrapper.get('[data-test=phone-end-now]').trigger('click')
  await flushPromises()
  expect(sent).toEqual(['POST /staff/7/phones/link {"hours":24}', 'DELETE /staff/7/phones?only=abc'])
  expect(missing).toEqual([])
})
