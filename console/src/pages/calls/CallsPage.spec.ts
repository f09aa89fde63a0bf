import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, logIn, me, refusal, remember, show } from '@/testing/pages'

import CallsPage from './CallsPage.vue'
import routes from './routes'

const item = {
  id: 7, list_id: 3, kind: 'well_being', occurrence: '2026-11-22', due_at: '2026-11-22T01:30:00Z', state: 'leased', attempts: 1, next_try_at: '2026-11-22T01:30:00Z', reasons: [], result: null, note: '',
  home_id: 5, resident_id: 6, device_id: null, name: '沈玉兰', name_latin: 'Shen Yulan', risk: 'high', phone: '+8613900000001', address: '7号楼501', address_en: 'Building 7, 501', device: null,
  leased_by: 1, leased_by_name: '林晓雯', ended_at: null, ended_by_name: null, incident_id: null, incident_number: null,
}
const call = {
  item, list_name: '平安电话', lease_until: '2026-11-22T02:00:00Z', second_phone: null, talk_note: '', hearing: '', dialect: '', open_incident: null, device_seen_at: null, device_pressed_at: null,
  attempts: [{ at: '2026-11-22T01:31:00Z', user_name: '林晓雯', result: 'no_answer', note: '' }],
}
const list = {
  id: 3, kind: 'well_being', name: '平安电话', region_id: 1, region_name: '榆荫里', region_name_en: 'Yuyinli', active: true, every: null, weekday: null, month_day: null, at: null, days: null, next_at: null,
  since: null, until: null, source: null, created_at: '2026-11-01T00:00:00Z', counts: { open: 2, done: 1, missed: 1 }, due: 2, oldest_due_at: '2026-11-22T01:30:00Z',
}

const usual = { 'GET /calls/lists': [list], 'GET /calls/lists/3/items': [item], 'POST /calls/next': { call } }
const press = async (key: string, target: EventTarget = document.body) => {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  await flushPromises()
}

describe('the page of calls', () => {
  eachInAFreshBrowser({}, { frozen: true })

  async function page(language: 'zh-CN' | 'en' = 'en') {
    const shown = show(CallsPage, language)
    await flushPromises()
    return shown
  }

  it.each([['en', 'Reached, well', 'Shen Yulan'], ['zh-CN', '联系上，平安', '沈玉兰']] as const)('shows in %s whom to call and how far the lists have got', async (language, well, name) => {
    remember(usual)
    const { wrapper, missing } = await page(language)
    expect(wrapper.find('[data-test=call-list]').text()).toContain('2')
    await press('g')
    const card = wrapper.find('[data-test=call-card]')
    expect(card.text()).toContain(well)
    expect(card.text()).toContain(name)
    expect(card.text()).toContain('139 0000 0001')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [call, list])).toEqual([])
  })

  it('is worked by the keyboard alone: next, a note, the result, and again', async () => {
    const sent = remember(usual)
    const { wrapper } = await page()
    await press('g')
    await press('w')
    const note = wrapper.find<HTMLTextAreaElement>('[data-test=call-note]')
    expect(document.activeElement).toBe(note.element)
    await note.setValue('has eaten')
    await press('3', note.element)
    expect(sent.map((each) => each.path)).toEqual(['POST /calls/next'])
    await press('Escape', note.element)
    expect(document.activeElement).not.toBe(note.element)
    await press('1')
    expect(sent.find((each) => each.path.endsWith('/report'))).toMatchObject({ body: { result: 'well', note: 'has eaten' } })
    expect(wrapper.find('[data-test=was-reported]').text()).toContain('Shen Yulan')
    expect(wrapper.find('[data-test=call-card]').exists()).toBe(true)
    expect(sent.at(-1)).toMatchObject({ path: 'POST /calls/next', body: { list_id: null } })
  })

  it('does not fetch the next by itself when that is turned off, when one was picked by hand, or once an alarm was opened', async () => {
    const sent = remember({ ...usual, 'GET /calls/lists/3/items': [{ ...item, state: 'open' }], 'POST /calls/items/7/take': call })
    const { wrapper } = await page()
    const fetched = () => sent.filter((each) => each.path === 'POST /calls/next').length
    await wrapper.get('[data-test=goes-on]').setValue(false)
    await press('g')
    await press('1')
    expect(fetched()).toBe(1)
    await wrapper.get('[data-test=goes-on]').setValue(true)
    await press('g')
    await press('2')
    await press('2')
    expect(fetched()).toBe(2)
    await wrapper.get('[data-test=call-list] button').trigger('click')
    await flushPromises()
    await wrapper.get('[data-test=tick-row] button').trigger('click')
    await flushPromises()
    await press('3')
    expect(fetched()).toBe(2)
    expect(wrapper.find('[data-test=call-card]').exists()).toBe(false)
  })

  it('asks for the score by a second key where the list does, and takes none as an answer', async () => {
    const sent = remember({ ...usual, 'POST /calls/next': { call: { ...call, item: { ...item, kind: 'satisfaction' } } } })
    const { wrapper } = await page()
    const reports = () => sent.filter((each) => each.path.endsWith('/report')).map((each) => each.body.score)
    await press('g')
    await press('1')
    expect(wrapper.find('[data-test=ask-score]').exists()).toBe(true)
    expect(reports()).toEqual([])
    await press('Escape')
    expect(wrapper.find('[data-test=ask-score]').exists()).toBe(false)
    await press('1')
    await press('5')
    await press('1')
    await press('0')
    expect(reports()).toEqual([5, null])
  })

  it('asks a second time before it opens an alarm', async () => {
    const sent = remember(usual)
    const { wrapper } = await page()
    await press('g')
    await press('2')
    expect(wrapper.find('[role=alert]').text()).toContain('opens an alarm')
    await press('Escape')
    expect(wrapper.find('[data-test=call-card]').exists()).toBe(true)
    expect(sent).toHaveLength(1)
    await press('2')
    await press('2')
    expect(sent.at(-1)?.body).toMatchObject({ result: 'needs_help' })
  })

  it('asks for how long a call is postponed', async () => {
    const sent = remember(usual)
    await page()
    await press('g')
    await press('5')
    await press('2')
    expect(sent.find((each) => each.path.endsWith('/report'))?.body).toMatchObject({ result: 'postponed', minutes: 60 })
  })

  it('sends a report again under the same id when the answer did not come', async () => {
    const sent = remember({ ...usual, 'POST /calls/items/7/report': refusal(503, 'unavailable') })
    const { wrapper } = await page()
    await press('g')
    await press('1')
    expect(wrapper.find('[data-test=call-refused]').exists()).toBe(true)
    await press('1')
    const ids = sent.filter((each) => each.path.endsWith('/report')).map((each) => each.body.id)
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  it('keeps its lease, and says whose the call is once it has lost it', async () => {
    const answers: Record<string, unknown> = { ...usual, 'POST /calls/items/7/renew': call }
    const sent = remember(answers)
    const { wrapper } = await page()
    await press('g')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent.at(-1)?.path).toBe('POST /calls/items/7/renew')
    answers['POST /calls/items/7/renew'] = refusal(409, 'lease_lapsed')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(wrapper.find('[data-test=call-card]').exists()).toBe(false)
    expect(wrapper.find('[data-test=call-refused]').text()).toContain('no longer yours')
  })

  it('shows at once that a press for a test has arrived', async () => {
    const tested = { ...call, item: { ...item, kind: 'press_test', device_id: 9, device: 'pendant 1234' } }
    const answers: Record<string, unknown> = { ...usual, 'POST /calls/next': { call: tested }, 'POST /calls/items/7/renew': tested }
    remember(answers)
    const { wrapper } = await page()
    await press('g')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(wrapper.find('[data-test=arrived]').exists()).toBe(false)
    answers['POST /calls/items/7/renew'] = { ...tested, device_seen_at: '2026-11-22T01:32:00Z' }
    await vi.advanceTimersByTimeAsync(5_000)
    expect(wrapper.find('[data-test=arrived]').text()).toContain('arrived')
  })

  it('reads the lines of a list again when something has changed, and not for nothing', async () => {
    const answers: Record<string, unknown> = { ...usual }
    remember(answers)
    const { wrapper } = await page()
    await wrapper.find('[data-test=call-list] button').trigger('click')
    await flushPromises()
    const looks = vi.spyOn(globalThis, 'fetch')
    await vi.advanceTimersByTimeAsync(15_000)
    expect(looks.mock.calls.map(([url]) => url)).toEqual(['/api/v1/calls/lists'])
    answers['GET /calls/lists'] = [{ ...list, counts: { done: 3 } }]
    await vi.advanceTimersByTimeAsync(15_000)
    expect(looks.mock.calls.at(-1)?.[0]).toBe('/api/v1/calls/lists/3/items')
  })

  it('looks at nobody of a list while it is worked through: each reading of its lines is a look at all of them', async () => {
    const answers: Record<string, unknown> = { ...usual }
    remember(answers)
    const { wrapper } = await page()
    await wrapper.get('[data-test=call-list] button').trigger('click')
    await flushPromises()
    const looks = vi.spyOn(globalThis, 'fetch')
    const read = () => looks.mock.calls.filter(([url]) => String(url).endsWith('/lists/3/items')).length
    await press('g')
    for (const done of [4, 5, 6]) {
      answers['GET /calls/lists'] = [{ ...list, counts: { done } }]
      await press('1')
    }
    expect(read()).toBe(0)
    expect(wrapper.find('[data-test=tick-list]').exists()).toBe(false)
    await press('Escape')
    expect(read()).toBe(1)
  })

  it('gives a call back, and says when nothing is due', async () => {
    const sent = remember({ ...usual })
    const { wrapper } = await page()
    await press('g')
    await press('Escape')
    expect(sent.at(-1)?.path).toBe('POST /calls/items/7/give-back')
    remember({ ...usual, 'POST /calls/next': { call: null } })
    await press('g')
    expect(wrapper.find('[data-test=nothing-due]').exists()).toBe(true)
  })

  it('ticks a list off, and calls one line of it', async () => {
    const open = { ...item, id: 8, state: 'missed', leased_by: null, leased_by_name: null }
    const sent = remember({ ...usual, 'GET /calls/lists/3/items': [item, open], 'POST /calls/items/8/take': { ...call, item: open } })
    const { wrapper } = await page()
    await wrapper.find('[data-test=call-list] button').trigger('click')
    await flushPromises()
    const rows = wrapper.findAll('[data-test=tick-row]')
    expect(rows).toHaveLength(2)
    expect(rows[0]?.find('button').exists()).toBe(false)
    await rows[1]?.find('button').trigger('click')
    await flushPromises()
    expect(sent.at(-1)?.path).toBe('POST /calls/items/8/take')
    expect(wrapper.find('[data-test=call-card]').exists()).toBe(true)
  })

  it('waits for an office that is away', async () => {
    remember({ 'GET /calls/lists': away() })
    expect((await page()).wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })

  it('shows the making of lists to supervisors alone, and stands in the menu of who works alarms', async () => {
    remember(usual)
    expect((await page()).wrapper.find('[data-test=tab-roll_call]').exists()).toBe(false)
    await logIn({ actions: [...me().actions, 'manage_calls'] })
    remember({ ...usual, 'GET /calls/outages': [], 'GET /regions': [] })
    const { wrapper } = await page()
    await wrapper.find('[data-test=tab-roll_call]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=no-outage]').exists()).toBe(true)
    expect(routes[0]?.meta).toMatchObject({ nav: 'calls.nav', action: 'work_incidents' })
  })
})
