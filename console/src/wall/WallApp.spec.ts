import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fillBrowser, refusal, show } from '@/testing/pages'
import { incident } from '@/testing/views'

import WallApp from './WallApp.vue'

const today = { alarms: 4, closed: 3, outcomes: {}, technical: 0, service: 0 }
const figures = { at: '2026-11-22T04:12:00Z', midnight: '2026-11-21T16:00:00Z', timezone: 'Asia/Shanghai', now_minutes: 60, service_now: [], service_today: [], longest_waiting: null, late: [], late_count: 0, open: [], today }
const limits = { warning_s: 15, critical_s: 30 }
const opened = () => new Date(Date.now() - 20_000).toISOString()
const wall = () => ({
  name: 'Hall', region_id: 1, now: new Date().toISOString(), timezone: 'Asia/Shanghai', seats_manned: 2, silent_homes: [], figures, ages: { standard: { 0: limits, 1: limits }, regions: {} },
  incidents: [incident({ opened_at: opened() })],
})
const ground = { dots: [], map: { basemap: null, buildings: [], points: [] } }
let answers: Record<string, () => unknown>
let code = ''

describe('the screen across the room', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    fillBrowser()
    answers = { '/wall': wall, '/wall/ground': () => ground, '/me': () => refusal(401, 'unauthenticated') }
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      const path = url.replace('/api/v1', '')
      if (path === '/wall/pair') {
        code = JSON.parse(String(init!.body)).code as string
        if (code !== 'ABCD-EFGH') return refusal(403, 'code_refused')
        answers['/wall'] = wall
        return new Response(null, { status: 204 })
      }
      const answer = (answers[path] ?? (() => refusal(404, 'not_found')))()
      return answer instanceof Response ? answer : new Response(JSON.stringify(answer))
    })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  const open = async (language: 'en' | 'zh-CN' = 'en') => {
    const shown = show(WallApp, language, { stubs: { CommunityMap: true } })
    await flushPromises()
    return shown
  }

  it.each([['en', 'waits long'], ['zh-CN', '等待较久']] as const)('that is paired shows in %s the queue with its age and its seats, with no log-in', async (language, late) => {
    const { wrapper, missing } = await open(language)
    expect(wrapper.get('[data-test=wall-row]').text()).toContain(late)
    expect(wrapper.get('.wall__seats').text()).toContain('2')
    expect(missing).toEqual([])
  })

  it('that is none asks for a code, and is one once it has it', async () => {
    answers['/wall'] = () => refusal(401, 'no_screen')
    const { wrapper } = await open()
    await wrapper.get('[data-test=pair-code]').setValue('wrong')
    await wrapper.get('form.pair').trigger('submit')
    await flushPromises()
    expect(wrapper.get('.pair [role=alert]').text()).toContain('not known')
    await wrapper.get('[data-test=pair-code]').setValue(' ABCD-EFGH ')
    await wrapper.get('form.pair').trigger('submit')
    await flushPromises()
    expect(code).toBe('ABCD-EFGH')
    expect(wrapper.find('[data-test=wall]').exists()).toBe(true)
  })

  it('says that the server does not answer, and does not ask for a log-in', async () => {
    answers['/wall'] = () => refusal(503, 'unavailable')
    const { wrapper } = await open()
    expect(wrapper.find('[data-test=wall-away]').exists()).toBe(true)
    expect(wrapper.find('[data-test=pair-code]').exists()).toBe(false)
  })
})
