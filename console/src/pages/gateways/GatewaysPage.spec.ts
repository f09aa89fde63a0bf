import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, refusal, show } from '@/testing/pages'

import GatewaysPage from './GatewaysPage.vue'

const gateway = { name: 'kannel', trouble: null, rests: false, in_flight: 1, window: 10, taken_at: '2026-11-22T04:00:00Z', taken: 12, not_taken: 1, last_error: 'http_503' }
const down = { ...gateway, name: 'modem', trouble: 'no_answer', rests: true, taken_at: null }
const calm = { waiting: 0, since: null, emergencies: 0, emergency_since: null }
const urgent = { waiting: 3, since: '2026-11-22T03:00:00Z', emergencies: 2, emergency_since: '2026-11-22T03:10:00Z' }
const ready = { ready: true, checks: { database: true, texts_leave: false, something_new: true }, listeners: { 'dc09/tcp:8002': { open: true, accepted_s: 2, read_s: 1.4 } } }
const jobs = { office: true, items: [{ process: 'alarm', name: 'incident_timers', every_s: 1, worked_at: '2026-11-22T04:00:00Z', late: false }, { process: 'office', name: 'sms_sender', every_s: 1, worked_at: null, late: true }] }

describe('the page of gateways and jobs', () => {
  eachInAFreshBrowser({ actions: ['manage_escalation', 'manage_users'] })

  async function page(answers: Record<string, unknown>, language: 'zh-CN' | 'en' = 'en') {
    vi.stubGlobal('fetch', async (url: string) => {
      const answer = answers[url.replace('/api/v1', '')] ?? refusal(404, 'not_found')
      return answer instanceof Response ? answer.clone() : new Response(JSON.stringify(answer))
    })
    const shown = show(GatewaysPage, language)
    await flushPromises()
    return shown
  }

  it.each(['zh-CN', 'en'] as const)('says in %s what works and what does not, the late on top', async (language) => {
    const { wrapper, missing } = await page({ '/gateways': { items: [gateway, down], queue: urgent, looked_at: 5000 }, '/readyz': ready, '/jobs': jobs }, language)
    const [first, second] = wrapper.findAll('[data-test=gateway]')
    expect(first!.find('.chip--ok').exists()).toBe(true)
    expect(second!.text()).toContain('no_answer')
    expect(wrapper.find('[data-test=queue-urgent]').text()).toContain('2')
    expect(wrapper.find('[data-test=job]').text()).toContain('sms_sender')
    expect(wrapper.text()).toContain('dc09/tcp:8002')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [])).toEqual([])
  })

  it('says that nothing waits', async () => {
    const { wrapper } = await page({ '/gateways': { items: [gateway], queue: calm, looked_at: 5000 }, '/readyz': ready, '/jobs': jobs })
    expect(wrapper.find('[data-test=queue-none]').exists()).toBe(true)
  })

  it('shows what the alarm process knows while the office is away', async () => {
    const { wrapper } = await page({ '/gateways': away(), '/readyz': ready, '/jobs': { office: false, items: [] } })
    expect(wrapper.find('[data-test=office-away]').exists()).toBe(true)
    expect(wrapper.text()).toContain('dc09/tcp:8002')
  })
})
