import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { fillBrowser, show } from '@/testing/pages'

import HomeCodes from './HomeCodes.vue'
import TaskPhotos from './TaskPhotos.vue'

const kept = { id: 'p1', received_at: '2026-11-28T03:00:00Z', width: 480, height: 640, nonce: 'ABCDEF-1', nonce_at: '2026-11-28T02:59:00Z', alike: null, refused: '' }
const refused = { ...kept, id: 'p2', width: null, height: null, refused: 'photo_heic' }
let sent: string[]

beforeEach(() => {
  setActivePinia(createPinia())
  fillBrowser()
  sent = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (init.method === 'GET') return new Response(JSON.stringify([kept, refused]))
    sent.push(`${init.method} ${url} ${String(init.body)}`)
    return new Response(null, { status: 204 })
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.replaceChildren()
})

it.each(['en', 'zh-CN'] as const)('loads a picture from the field only when somebody asks for it, in %s', async (language) => {
  const { wrapper, missing } = show(TaskPhotos, language, { props: { task: 't1', version: 1 } })
  await flushPromises()
  expect(wrapper.findAll('[data-test=task-photo]')).toHaveLength(2)
  expect(wrapper.find('img').exists()).toBe(false)
  await wrapper.get('[data-test=look-at-photo]').trigger('click')
  expect(wrapper.get('img').attributes('src')).toBe('/api/v1/tasks/t1/photos/p1')
  expect(wrapper.text()).toContain('photo_heic')
  expect(missing).toEqual([])
})

it('sets and clears the code of a home, and shows none', async () => {
  const { wrapper, missing } = show(HomeCodes, 'en', { props: { homeId: 5 } })
  await wrapper.get('[data-test=code-door]').setValue(' A-4711 ')
  await wrapper.get('form').trigger('submit')
  await flushPromises()
  expect((wrapper.get('[data-test=code-door]').element as HTMLInputElement).value).toBe('')
  expect(wrapper.html()).not.toContain('4711')
  await wrapper.get('[data-test=clear-card]').trigger('click')
  await flushPromises()
  expect(sent).toEqual(['PUT /api/v1/homes/5/code {"kind":"door","code":"A-4711"}', 'PUT /api/v1/homes/5/code {"kind":"card","code":null}'])
  expect(missing).toEqual([])
})
