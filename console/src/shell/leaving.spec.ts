import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { useCalls } from '@/stores/calls'
import { useDuty } from '@/stores/duty'
import { useIncidents } from '@/stores/incidents'
import { useLine, useTelephone } from '@/telephone/telephone'
import { call, Exchange, leg } from '@/testing/calls'
import { fillBrowser, logIn, serve, show } from '@/testing/pages'
import { incident } from '@/testing/views'

import Shell from './Shell.vue'

const mine = incident({ state: 'taken', taken_by: 1 })

/** Whether closing the tab, loading it anew or going back would be asked about. */
function asks(): boolean {
  const event = new Event('beforeunload', { cancelable: true })
  window.dispatchEvent(event)
  return event.defaultPrevented
}

async function shell() {
  const shown = show(Shell, 'en', { stubs: { TopBar: true } })
  await flushPromises()
  return shown.wrapper
}

describe('whoever leaves the page', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    serve({ '/logout': {} })
    await logIn({ actions: ['work_incidents'] })
  })
  afterEach(() => document.body.replaceChildren())

  it('goes without a question while nothing is open', async () => {
    const wrapper = await shell()
    expect(asks()).toBe(false)
    wrapper.findComponent({ name: 'TopBar' }).vm.$emit('signOut')
    await flushPromises()
    expect(wrapper.find('dialog').exists()).toBe(false)
  })

  it('asks while somebody is spoken with', async () => {
    await shell()
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => Promise.resolve({ getTracks: () => [], getAudioTracks: () => [] }) } })
    vi.stubGlobal('Audio', class { play = () => Promise.resolve(); pause = () => undefined })
    serve({ '/telephone': { exchange: true, name: 's', password: 'p', realm: '', way: '/ws/v1/voice', kind: 'page', desk: '', desk_phones: [] } })
    await logIn({ actions: ['answer_calls'] })
    const exchange = new Exchange()
    useLine(exchange.open)
    useTelephone().wished = true
    useCalls().apply({ type: 'calls', calls: [call({ state: 'connecting', taken_by: 1, legs: [leg({ role: 'operator', user_id: 1 })] })], exchange: true, whole: true })
    await flushPromises()
    exchange.rings()
    await flushPromises()
    expect(asks()).toBe(true)
    vi.unstubAllGlobals()
  })

  it.each([['an own incident', mine, false], ['somebody who waits, on duty', incident(), true]])('is asked with %s open', async (_, open, onDuty) => {
    const wrapper = await shell()
    useDuty().onDuty = onDuty
    useIncidents().applyUpserts([open], [])
    expect(asks()).toBe(true)
    wrapper.findComponent({ name: 'TopBar' }).vm.$emit('signOut')
    await flushPromises()
    expect(wrapper.find('dialog').text()).toContain('1')
    expect(useIncidents().open).toHaveLength(1)
    await wrapper.find('[data-test=leave]').trigger('click')
    await flushPromises()
    expect(useIncidents().open).toHaveLength(0)
  })
})
