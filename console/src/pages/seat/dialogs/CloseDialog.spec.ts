import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fillBrowser, logIn, serve, show } from '@/testing/pages'
import { incident } from '@/testing/views'

import CloseDialog from './CloseDialog.vue'

const one = incident({ id: 'a', state: 'taken', taken_by: 1 })

describe('closing an incident', () => {
  let sent: string[]

  beforeEach(async () => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    fillBrowser()
    await logIn({ grants: [{ role: 'supervisor', region_id: 1 }] })
    const texts = ['139****0228', '139****0229'].map((recipient) => ({ kind: 'nobody_reached', language: 'en', text: 'Shen Yulan: nobody was reached.', recipient, contact_id: null }))
    serve({ '/incidents/a': { incident: one, entries: [], messages: [], proofs: [], needs_reason: ['nobody_reached'] }, '/incidents/a/close/preview': texts, '/incidents/a/close': { ...one, version: 2, state: 'closed' } })
    sent = []
    const before = fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (url.endsWith('/close')) sent.push(String(init.body))
      return before(url, init)
    })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
    document.body.replaceChildren()
  })

  it.each(['zh-CN', 'en'] as const)('shows in %s the text that will be read, and wants a reason for what nobody has recorded', async (language) => {
    const { wrapper, missing } = show(CloseDialog, language, { props: { incident: one, told: 1, entries: [], profile: null } })
    await wrapper.find('input[value=nobody_reached]').setValue()
    await vi.advanceTimersByTimeAsync(400)
    expect(wrapper.findAll('[data-test=close-text]').map((each) => each.text())).toEqual([expect.stringMatching(/nobody was reached.*0228.*0229/)])
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10)
    expect(wrapper.findAll('[role=alert]')).toHaveLength(1)
    expect(sent).toEqual([])
    await wrapper.find('[data-test=close-note]').setValue('Called twice from another phone')
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10)
    expect(sent).toHaveLength(1)
    expect(missing).toEqual([])
  })
  it.each(['zh-CN', 'en'] as const)('says in %s that nobody reached is for a supervisor to close, before anything is sent', async (language) => {
    await logIn()
    const { wrapper, missing } = show(CloseDialog, language, { props: { incident: one, told: 1, entries: [], profile: null } })
    await wrapper.find('input[value=nobody_reached]').setValue()
    expect(wrapper.find('[data-test=needs-supervisor]').exists()).toBe(true)
    await wrapper.find('[data-test=close-note]').setValue('Called twice from another phone')
    await wrapper.find('form').trigger('submit')
    await vi.advanceTimersByTimeAsync(10)
    expect(sent).toEqual([])
    expect(missing).toEqual([])
  })
})
