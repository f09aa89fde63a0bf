import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fillBrowser, logIn, me, refusal, serve, show } from '@/testing/pages'

import DeviceList from './DeviceList.vue'

const device = { id: 7, version: 3, region_id: 1, source: 'dc09', identifier: 'A101', kind: 'pendant', model: '', label: '', battery_low: false, heartbeat_s: null, encrypted_only: null, has_key: true, seen_at: null, assignments: [] }

describe('the polls of a device', () => {
  let sent: unknown[]

  beforeEach(() => {
    setActivePinia(createPinia())
    fillBrowser()
    sent = []
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  async function list(parts: object, answer: unknown, manages = true) {
    await logIn(manages ? { actions: [...me().actions, 'manage_devices'] } : {})
    serve({ '/devices': { items: [{ ...device, ...parts }], next: null }, '/devices/7': answer })
    const before = fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (init.method === 'PATCH') sent.push(JSON.parse(init.body as string))
      return before(url, init)
    })
    const shown = show(DeviceList, 'en', { props: { homeId: 1 } })
    await flushPromises()
    return shown
  }

  it('are set to be encrypted, at the version that was seen', async () => {
    const { wrapper, missing } = await list({}, { ...device, version: 4, encrypted_only: true })
    const choice = wrapper.find<HTMLSelectElement>('[data-test=polls-A101]')
    expect(choice.element.value).toBe('')
    await choice.setValue('yes')
    await flushPromises()
    expect(sent).toEqual([{ version: 3, encrypted_only: true }])
    expect(choice.element.value).toBe('yes')
    expect(missing).toEqual([])
  })

  it('stay as they are after a refusal, which is said', async () => {
    const { wrapper } = await list({ encrypted_only: false }, refusal(409, 'conflict'))
    const choice = wrapper.find<HTMLSelectElement>('[data-test=polls-A101]')
    await choice.setValue('yes')
    await flushPromises()
    expect(choice.element.value).toBe('no')
    expect(wrapper.find('[role=alert]').exists()).toBe(true)
  })

  it.each([[{ has_key: false }, true], [{}, false]])('are only told where there is no key, or no right (%o, %o)', async (parts, manages) => {
    const { wrapper } = await list(parts, {}, manages)
    expect(wrapper.find('select').exists()).toBe(false)
    expect(wrapper.text()).toContain('has_key' in parts ? 'no key' : 'as the listener')
  })

  it('are beside the test of a device, which is begun and ended by one button', async () => {
    const { wrapper, missing } = await list({}, {})
    const trial = { id: 3, subject: 'device', subject_id: 7, label: 'A101', region_id: 1, from_at: '2026-11-22T04:00:00Z', until_at: '2026-11-22T04:30:00Z', reason: '', by_name: '', ended_at: null, over: false }
    serve({ '/tests': trial, '/tests/3/end': { ...trial, over: true } })
    await wrapper.find('[data-test=try-A101]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=in-test-A101]').exists()).toBe(true)
    await wrapper.find('[data-test=try-A101]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=in-test-A101]').exists()).toBe(false)
    expect(missing).toEqual([])
  })
})
