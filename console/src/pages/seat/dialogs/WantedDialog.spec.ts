import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fillBrowser, foreignWords, logIn, serve, show } from '@/testing/pages'
import { incident } from '@/testing/views'

import WantedDialog from './WantedDialog.vue'

const request = incident({ id: 'a', signal_class: 'service', kind: 'help', kinds: ['help'], state: 'taken', taken_by: 1 })

describe('what somebody who asks for service wants', () => {
  let sent: Record<string, unknown>[]

  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn()
    serve({ '/incidents/a/wanted': { ...request, version: 2, state: 'following', wanted: 'meal' } })
    sent = []
    const before = fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      sent.push(JSON.parse(init.body as string) as Record<string, unknown>)
      return before(url, init)
    })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['zh-CN', 'en'] as const)('is chosen in %s, passed on, and given a time', async (language) => {
    const { wrapper, missing } = show(WantedDialog, language, { props: { incident: request } })
    await wrapper.find('form').trigger('submit')
    expect(wrapper.find('[role=alert]').exists()).toBe(true)
    expect(sent).toEqual([])
    await wrapper.find('[data-test=want-meal]').setValue()
    await wrapper.find('[data-test=passed-to]').setValue(' 食堂 ')
    const before = Date.now()
    await wrapper.find('[data-test=until]').setValue('60')
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(sent[0]).toMatchObject({ wanted: 'meal', passed_to: '食堂', note: '' })
    expect(Math.abs(Date.parse(String(sent[0]!.until)) - before - 3_600_000)).toBeLessThan(60_000)
    expect(wrapper.emitted('done')).toHaveLength(1)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.html(), [])).toEqual([])
  })

  it('needs no time: then it stays with whoever has it', async () => {
    const { wrapper } = show(WantedDialog, 'en', { props: { incident: { ...request, wanted: 'chat' } } })
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(sent[0]).toMatchObject({ wanted: 'chat', until: null })
  })
})
