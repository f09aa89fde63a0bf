import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { eachInAFreshBrowser, foreignWords, remember, show } from '@/testing/pages'

import PressTest from './PressTest.vue'

const device = { id: 7, version: 3, identifier: 'A101', source: 'dc09', sim: '13912345678', seen_at: null, assignments: [] }
const at = (seconds: number) => new Date(Date.parse('2026-11-22T04:00:00Z') + seconds * 1_000).toISOString()
const trial = { id: 4, subject: 'device', subject_id: 7, label: 'A101', region_id: 1, from_at: at(0), until_at: at(300), reason: 'x', by_name: 'x', ended_at: null, over: false }
const frame = {
  at: at(9), stored_at: at(9), occurred_at: null, kind: 'sos', outcome: 'opened', text: null, lat: null, lng: null, flags: [], reason: null, battery: '71 %', strength: '-83 dBm', extra: {}, number: 37,
  mode: 'test', size: 3, hex: '0a 30 78', printed: '.0x',
}

describe('press it now', () => {
  eachInAFreshBrowser({ actions: ['manage_devices', 'manage_users'] }, { frozen: true })

  async function begun(frames: unknown[], language: 'zh-CN' | 'en' = 'en', more: Record<string, unknown> = {}) {
    vi.setSystemTime(at(0))
    const answers: Record<string, unknown> = { 'GET /tests': [], 'POST /tests': trial, 'GET /devices/7/frames': { items: frames, looked_at: 9 }, 'GET /devices/7': device, 'POST /devices/7/tried': { ...device, version: 4, tried_at: at(9) }, 'POST /tests/4/end': trial, ...more }
    const sent = remember(answers)
    const shown = show(PressTest, language, { props: { device } })
    await shown.wrapper.find('[data-test=press-begin]').trigger('click')
    await flushPromises()
    return { ...shown, answers, sent }
  }

  it.each(['zh-CN', 'en'] as const)('says press now in %s, and shows what arrives with battery and strength', async (language) => {
    const { wrapper, answers, missing } = await begun([], language)
    expect(wrapper.find('[data-test=press-now]').exists()).toBe(true)
    answers['GET /devices/7/frames'] = { items: [frame], looked_at: 9 }
    await vi.advanceTimersByTimeAsync(1_000)
    answers['GET /devices/7/frames'] = { items: [], looked_at: 9 }
    expect(wrapper.find('[data-test=press-came]').text()).toContain(language === 'en' ? 'It arrived' : '收到了')
    expect(wrapper.find('[data-test=press-frame]').text()).toMatch(/71 %.*-83 dBm/)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), frame)).toEqual([])
  })

  it('ticks off and ends the test, in this order', async () => {
    const { wrapper, sent } = await begun([frame])
    await wrapper.find('[data-test=press-tick]').trigger('click')
    await flushPromises()
    expect(sent.map(({ path }) => path)).toEqual(['POST /tests', 'POST /devices/7/tried', 'POST /tests/4/end'])
    expect(wrapper.find('[data-test=press-ended]').text()).toContain('Ticked off')
    expect(wrapper.emitted('changed')?.[0]).toMatchObject([{ tried_at: at(9) }])
  })

  it('says loudly that a press has become real', async () => {
    const { wrapper } = await begun([{ ...frame, mode: 'real' }])
    expect(wrapper.find('[data-test=press-real]').text()).toContain('37')
  })

  it('takes no life sign for a press', async () => {
    const { wrapper } = await begun([{ ...frame, kind: 'heartbeat', outcome: 'recorded', number: null, mode: null }])
    expect(wrapper.find('[data-test=press-came]').exists()).toBe(false)
    expect(wrapper.find('[data-test=press-tick]').exists()).toBe(false)
    expect(wrapper.find('[data-test=press-frame]').exists()).toBe(true)
  })

  it.each([
    [null, 'Nothing of it has arrived'],
    [at(20), 'Its life signs arrive'],
  ])('says what to check when nothing comes (heard at %s)', async (seen_at, words) => {
    const { wrapper } = await begun([], 'en', { 'GET /devices/7': { ...device, seen_at } })
    expect(wrapper.find('[data-test=press-check]').exists()).toBe(false)
    await vi.advanceTimersByTimeAsync(32_000)
    expect(wrapper.find('[data-test=press-check]').text()).toContain(words)
  })

  it('asks no more once nobody looks', async () => {
    const { wrapper } = await begun([])
    wrapper.unmount()
    const asked = vi.fn()
    vi.stubGlobal('fetch', asked)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(asked).not.toHaveBeenCalled()
  })
})
