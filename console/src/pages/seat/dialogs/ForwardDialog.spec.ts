import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { TimelineView } from '@/api/wire'
import { fillBrowser, foreignWords, logIn, show } from '@/testing/pages'
import { incident } from '@/testing/views'

import ForwardedList from '../parts/ForwardedList.vue'
import ForwardDialog from './ForwardDialog.vue'

const alarm = incident({ id: 'a', state: 'taken', taken_by: 1 })
const choices = [{ id: 4, name: 'City', way: 'dc09', phone: '', trouble: null }, { id: 5, name: 'Old', way: 'http', phone: '', trouble: 'no_connection' }]
const said = (number: number, kind: string, data: object) => ({ incident_id: 'a', number, at: `2026-03-14T04:12:0${number}Z`, kind, user_id: null, user_name: null, data }) as unknown as TimelineView
const WENT = said(1, 'forwarded', { forwarding_id: 'f', centre_id: 4, centre: 'City', phone: '+8612349', why: 'unmanned', reason: '' })
const RECEIVED = said(2, 'forward_answered', { forwarding_id: 'f', centre: 'City', state: 'delivered', error: null, again: false })
const ACCEPTED = said(3, 'forward_accepted', { forwarding_id: 'f', centre: 'City', by: 'Zhao', how: 'phone', accepted_at: '2026-03-14T04:13:00Z', note: '' })

describe('giving an alarm to another centre', () => {
  let sent: { path: string; body: Record<string, unknown> }[]

  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn({ actions: ['work_incidents'] })
    sent = []
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (init.method === 'GET') return new Response(JSON.stringify(choices))
      sent.push({ path: url.replace('/api/v1', ''), body: JSON.parse(init.body as string) as Record<string, unknown> })
      return new Response(JSON.stringify({ ...alarm, version: 2 }))
    })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['zh-CN', 'en'] as const)('asks in %s for the centre and why, and names a dead path', async (language) => {
    const { wrapper, missing } = show(ForwardDialog, language, { props: { incident: alarm } })
    await flushPromises()
    expect(wrapper.find('.chip--alarm').exists()).toBe(true)
    expect(wrapper.get('[data-test=forward-send]').attributes('disabled')).toBeDefined()
    await wrapper.get('[data-test=forward-to-5]').setValue()
    await wrapper.get('[data-test=forward-reason]').setValue('fire here')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ path: '/incidents/a/forward', body: expect.objectContaining({ centre_id: 5, reason: 'fire here' }) }])
    expect(wrapper.emitted('done')).toHaveLength(1)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.html(), [])).toEqual([])
  })

  it.each(['zh-CN', 'en'] as const)('shows in %s that their machine has it, and never as if a person had', async (language) => {
    const { wrapper, missing } = show(ForwardedList, language, { props: { incident: alarm, entries: [WENT, RECEIVED] } })
    expect(wrapper.get('[data-test=forwarded-machine]').classes()).toContain('chip--warn')
    expect(wrapper.find('.chip--ok').exists()).toBe(false)
    await wrapper.get('[data-test=forwarded-record]').trigger('click')
    await wrapper.get('[data-test=forwarded-by]').setValue('Zhao')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ path: '/incidents/a/forward-accepted', body: expect.objectContaining({ forwarding_id: 'f', by: 'Zhao' }) }])
    await wrapper.setProps({ entries: [WENT, RECEIVED, ACCEPTED] })
    expect(wrapper.get('[data-test=forwarded-person]').text()).toContain('Zhao')
    expect(wrapper.find('[data-test=forwarded-record]').exists()).toBe(false)
    expect(missing).toEqual([])
  })
})
