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
    await logIn()
    const texts = [{ kind: 'closed_other', language: 'en', text: 'Shen Yulan: nobody was reached.', recipients: ['139****0228'] }]
    serve({ '/incidents/a/closing-texts': texts, '/incidents/a/close': { ...one, version: 2, state: 'closed' } })
    sent = []
    const before = fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (init.method === 'POST') sent.push(String(init.body))
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
    expect(wrapper.find('[data-test=close-text]').text()).toContain('nobody was reached')
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
})
