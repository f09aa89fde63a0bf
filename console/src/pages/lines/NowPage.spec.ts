import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'

import type { CallShown } from '@/api/telephone'
import type { SeatView } from '@/api/wire'
import { useCalls } from '@/stores/calls'
import { useConnection } from '@/stores/connection'
import { useSeats } from '@/stores/seats'
import { useTelephone } from '@/telephone/telephone'
import { eachInAFreshBrowser, foreignWords, refusal, remember, show } from '@/testing/pages'

import { linesNow, seatsNow, wrappingAfter } from './now'
import NowPage from './NowPage.vue'

const at = (secondsAgo: number) => new Date(Date.now() - 1_000 * secondsAgo).toISOString()
const call = (id: string, parts: Partial<CallShown> = {}): CallShown => ({
  id, version: 1, direction: 'in', kind: 'hotline', line: '95001', line_name: '热线', line_name_en: 'Hotline', region_id: 1, caller: { raw: '0139', e164: '+8613900000001', presentation: 'shown' }, state: 'waiting', offered_at: at(40),
  wanted: null, taken_by: null, answered_at: null, answered_by: null, ended_at: null, cause: null, wrapped_up_at: null, incident_id: null, matches: [], attached: null, call_back_wanted: false, simulated: false, given_away: false, legs: [], ...parts,
})
const talking = call('t', { state: 'talking', taken_by: 7, answered_at: at(125), answered_by: 7, offered_at: at(130) })
const red = call('r', { kind: 'red', line: '95002', line_name_en: 'Red key', offered_at: at(5) })
const seat = (user_id: number, parts: Partial<SeatView> = {}): SeatView => ({ user_id, name: `坐席${user_id}`, name_en: `Seat ${user_id}`, armed: true, pause: null, region_ids: [1], since: null, state: 'ready', ...parts }) as SeatView
const DESK = { exchange: true, name: '', password: '', realm: '', way: '', kind: 'desk', desk: '201', desk_phones: ['201'] }
const today = [{ key: '95001', name: '热线', name_en: 'Hotline', offered: 31, abandoned: 2 }]

describe('lines now', () => {
  it('count who waits and who speaks on each, and what was missed today', () => {
    const [busiest, other] = linesNow([talking, call('w'), call('v', { offered_at: at(90) }), red, call('a', { direction: 'automatic' })], today as never)
    expect(busiest).toMatchObject({ number: '95001', waiting: 2, speaking: 1, missed: 2, offered: 31 })
    expect(other).toMatchObject({ number: '95002', kind: 'red', waiting: 1, missed: 0 })
    expect(linesNow([red], null)[0]).toMatchObject({ missed: null, offered: null })
  })

  it('know who wraps up until they are ready or take another', () => {
    const over = call('t', { ...talking, state: 'ended' })
    const after = wrappingAfter(new Set(), [over], false)
    expect([...after]).toEqual([7])
    expect(seatsNow([seat(7), seat(8), seat(9, { armed: false })], [], after).map(({ doing }) => doing)).toEqual(['wrapping', 'free', 'off'])
    expect(wrappingAfter(after, [{ ...over, wrapped_up_at: at(0) }], false).size).toBe(0)
    expect(wrappingAfter(after, [talking], false).size).toBe(0)
    expect(wrappingAfter(after, [], true).size).toBe(0)
  })
})

describe('the page of lines now', () => {
  eachInAFreshBrowser({ actions: ['listen_in', 'answer_calls', 'see_figures'] as never })

  beforeEach(() => {
    useConnection().state = 'live'
    useSeats().seats = [seat(7), seat(8)]
  })

  async function page(language: 'zh-CN' | 'en' = 'en', answers: Record<string, unknown> = { 'GET /hotline/figures': { rows: today } }, wished = true) {
    const sent = remember({ 'GET /telephone': DESK, ...answers })
    const shown = show(NowPage, language)
    useTelephone().wished = wished
    useCalls().apply({ type: 'calls', calls: [talking, call('w'), red], exchange: true, whole: true })
    await flushPromises()
    return { ...shown, sent }
  }

  it.each(['zh-CN', 'en'] as const)('shows in %s who waits, the red one first, and who speaks with whom for how long', async (language) => {
    const { wrapper, missing } = await page(language)
    const waiting = wrapper.findAll('[data-test=now-waiting]')
    expect(waiting).toHaveLength(2)
    expect(waiting[0]!.find('.chip--alarm').exists()).toBe(true)
    expect(wrapper.get('[data-test=now-speaking]').text()).toMatch(/2:0\d/)
    expect(wrapper.findAll('[data-test=now-line]')).toHaveLength(2)
    expect(missing).toEqual([])
    if (language === 'en') {
      expect(wrapper.get('[data-test=now-speaking]').text()).toContain('139 0000 0001')
      expect(foreignWords(wrapper.text(), [seat(7), seat(8)])).toEqual([])
    }
  })

  it('listens, whispers and joins in by order', async () => {
    const { wrapper, sent } = await page()
    for (const how of ['listen', 'whisper', 'barge']) {
      await wrapper.get(`[data-test=now-${how}]`).trigger('click')
      await flushPromises()
    }
    expect(sent.map(({ path, body }) => [path, body])).toEqual([
      ['POST /telephone/calls/t/listen-in', { whisper: false, barge: false }],
      ['POST /telephone/calls/t/listen-in', { whisper: true, barge: false }],
      ['POST /telephone/calls/t/listen-in', { whisper: false, barge: true }],
    ])
  })

  it('says how somebody without a telephone comes to listen', async () => {
    const { wrapper } = await page('en', undefined, false)
    expect(wrapper.get('[data-test=now-no-telephone]').text()).toContain('switch your telephone on')
    expect(wrapper.get('[data-test=now-listen]').attributes('disabled')).toBeDefined()
  })

  it('says that nothing is heard of the server, lets ages stand still, and offers nothing to press', async () => {
    const { wrapper } = await page()
    useConnection().state = 'down'
    useConnection().silentMs = 60_000
    await flushPromises()
    expect(wrapper.get('[data-test=now-lost]').attributes('role')).toBe('alert')
    expect(wrapper.get('[data-test=now-speaking]').text()).toMatch(/1:0\d/)
    expect(wrapper.find('[data-test=now-listen]').exists()).toBe(false)
    expect(wrapper.text()).not.toContain('Nobody waits')
  })

  it('says that the exchange does not answer, and that nobody has told of one', async () => {
    const { wrapper } = await page()
    useCalls().apply({ type: 'calls', calls: [], exchange: false, whole: true })
    await flushPromises()
    expect(wrapper.find('[data-test=now-no-exchange]').exists()).toBe(true)
    useCalls().apply({ type: 'calls', calls: [], exchange: false, whole: true })
    useCalls().exchange = null
    await flushPromises()
    expect(wrapper.find('[data-test=now-untold]').exists()).toBe(true)
    expect(wrapper.text(), 'what is not known is no nought').not.toMatch(/\(0\)|Nobody/)
  })

  it('says that today is not counted while the office is away', async () => {
    const { wrapper } = await page('en', { 'GET /hotline/figures': refusal(503, 'office_away') })
    expect(wrapper.get('[data-test=now-line]').text()).toContain('not known')
  })
})
