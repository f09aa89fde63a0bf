import { flushPromises } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'

import { eachInAFreshBrowser, foreignWords, me, remember, show, type Sent } from '@/testing/pages'

import RoundsPage from './RoundsPage.vue'

const run = { id: 5, round_id: 2, name: '早间送奶', kind: 'milk', region_id: 1, day: '2026-03-14', state: 'running', begins_at: '2026-03-13T22:30:00Z', closes_at: '2026-03-14T04:00:00Z', began_at: null, closed_at: null, staff_ids: [8], staff: ['小周'], absent: [], counts: { pending: 1, done: 1, no_answer: 1 }, stops: 3, far: 1, faults: 0 }
const visit = { id: 71, n: 3, state: 'no_answer', home_id: 4, resident_id: 6, name: '沈玉兰', name_latin: 'Shen Yulan', address: '7号楼', address_en: 'Building 7', due_from: null, due_until: null, for_days: 1, said_at: '2026-03-13T23:00:00Z', staff: '小周', note: '', flags: ['far'], answers: [], call_state: 'open', incident_id: null, incident_number: null }
const detail = { run, check_list: [], visits: [{ ...visit, id: 72, n: 1, state: 'done', call_state: null, flags: [] }, visit] }
const pair = { id: 9, staff_id: 8, neighbour: '李婶', neighbour_phone: null, home_id: 4, resident_id: null, name: '王秀', name_latin: 'Wang Xiu', address: '8号楼', address_en: 'Building 8', every_days: 2, code: 10, due_at: '2026-03-14T10:00:00Z', said_at: null, said: null, call_state: 'open', overdue: true }
const ride = { task_id: 'a1', state: 'done', code: 500, resident_id: 6, name: '高秀英', name_latin: 'Gao Xiuying', place: '7号楼', destination: '医院', begins_at: '2026-03-14T01:00:00Z', minutes: 30, driver: '老董', accepted_at: null, arrived_at: null, ended_at: null, fare_fen: 0, paid_by: 'entitlement', used: 1, rides_a_month: 4, asked_at: null, rating: null, rated_at: null, rated_by: '' }
const round = { id: 2, name: '早间送奶', kind: 'milk', region_id: 1, region_name: '榆荫里', region_name_en: 'Yuyinli', organisation_id: null, organisation_name: null, weekdays: [1], on_holiday: 'skip', from_day: '2020-01-01', until_day: null, begins_at: '06:30:00', closes_at: '12:00:00', staff_ids: [8], staff: ['小周'], check_list: [], version: 3, stops: 1 }
const stop = { id: 31, n: 1, home_id: 4, resident_id: 6, name: '沈玉兰', name_latin: 'Shen Yulan', address: '7号楼', address_en: 'Building 7', window_from: null, window_until: null, alternate: 'odd', every_days: null, from_day: null, note: '' }
const usual = { 'GET /rounds/runs': [run], 'GET /rounds/runs/5': detail, 'GET /staff': [{ id: 8, name: '小周', kinds: [] }], 'GET /pairs': [pair], 'GET /rides': [ride], 'GET /rides/figures': [{ what: 'errand', done: 12, cancelled: 1, asked: 10, rated: 8, stars: 37 }], 'GET /rounds': [round], 'GET /rounds/2/stops': [stop], 'GET /regions': [{ id: 1, name: '榆荫里', name_en: 'Yuyinli' }], 'PATCH /rounds/2': round, 'POST /rounds/visits/71': { visit_id: 71, state: 'done', stands: true, flags: [] }, 'POST /rides/a1/rating': ride }

let sent: Sent[]
eachInAFreshBrowser({ actions: [...me().actions, 'see_field', 'dispatch', 'book_tasks'] })

async function shown(language: 'zh-CN' | 'en' = 'en') {
  sent = remember(usual)
  const made = show(RoundsPage, language)
  await flushPromises()
  return made
}

const press = (key: string) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))

it.each(['zh-CN', 'en'] as const)('shows every part in %s without a text that is missing', async (language) => {
  const { wrapper, missing } = await shown(language)
  expect(wrapper.find('[data-test=run-shut]').text()).toContain('1')
  press('j')
  await flushPromises()
  expect(wrapper.findAll('[data-test=visit]').map((each) => each.find('.n').text())).toEqual(['3', '1'])
  for (const key of ['2', '3', '4']) {
    press(key)
    await flushPromises()
    if (key === '2') {
      await wrapper.find('[data-test=template]').trigger('click')
      await flushPromises()
      expect(wrapper.find('[data-test=stop]').exists()).toBe(true)
    }
    if (language === 'en') expect(foreignWords(wrapper.text(), usual)).toEqual([])
  }
  expect(wrapper.find('[data-test=ride]').exists()).toBe(true)
  expect(wrapper.find('[data-test=work-figures]').text()).toMatch(/12.*10.*8.*4\.6/)
  expect(missing).toEqual([])
})

it('leads to the incident that a shut door has become', async () => {
  const { wrapper } = await shown()
  sent = remember({ ...usual, 'GET /rounds/runs/5': { ...detail, visits: [{ ...visit, call_state: 'escalated', incident_id: 'i7', incident_number: 41 }] } })
  press('j')
  await flushPromises()
  const link = wrapper.find('[data-test=visit] a')
  expect([link.text(), link.attributes('href')]).toEqual(['Incident 41', '/?incident=i7'])
})

it('has the day and the hours of the site, whatever clock the browser has', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-13T20:00:00Z') })
  const { wrapper } = await shown()
  vi.useRealTimers()
  sent = remember({ ...usual, 'GET /residents': { items: [{ id: 6, name: '沈玉兰', name_latin: 'Shen Yulan', address: '7号楼', address_en: 'Building 7' }] } })
  press('4')
  await flushPromises()
  expect(wrapper.find<HTMLInputElement>('input[type=date]').element.value).toBe('2026-03-14')
  await wrapper.find('[data-test=book-ride] input[type=time]').setValue('09:00')
  await wrapper.find('[data-test=book-ride]').trigger('submit')
  await flushPromises()
  await wrapper.find('[data-test=ride-for]').trigger('click')
  expect(sent.at(-1)).toMatchObject({ body: { begins_at: '2026-03-14T01:00:00.000Z' } })
})

it('writes down what the office was told of a stop', async () => {
  const { wrapper } = await shown()
  press('j')
  await flushPromises()
  await wrapper.find('[data-test=visit] button').trigger('click')
  expect(wrapper.find('[data-test=say-away_known]').attributes('disabled')).toBeDefined()
  await wrapper.find('[data-test=say] input').setValue('on the telephone')
  await wrapper.find('[data-test=say-done]').trigger('click')
  await flushPromises()
  expect(sent.at(-1)).toMatchObject({ path: 'POST /rounds/visits/71', body: { said: 'done', note: 'on the telephone' } })
})

it('closes a round, ticks a pair, rates a ride and saves a template', async () => {
  const { wrapper } = await shown()
  press('j')
  await flushPromises()
  await wrapper.find('[data-test=close-run]').trigger('click')
  await flushPromises()
  expect(sent.at(-1)?.path).toBe('POST /rounds/runs/5/close')
  press('3')
  await flushPromises()
  await wrapper.find('[data-test=tick-well]').trigger('click')
  await flushPromises()
  expect(sent.at(-1)).toMatchObject({ path: 'POST /pairs/9/ticks', body: { said: 'well' } })
  press('4')
  await flushPromises()
  await wrapper.findAll('[data-test=ride] button')[3]!.trigger('click')
  await flushPromises()
  expect(sent.find(({ path }) => path === 'POST /rides/a1/rating')).toMatchObject({ body: { rating: 4 } })
  press('2')
  await flushPromises()
  await wrapper.find('[data-test=template]').trigger('click')
  await wrapper.find('[data-test=round-form]').trigger('submit')
  await flushPromises()
  expect(sent.at(-1)).toMatchObject({ path: 'PATCH /rounds/2', body: { name: '早间送奶', version: 3, weekdays: [1] } })
})

const resident = { id: 61, home_id: 4, name: '梁淑贞', name_latin: 'Liang Shuzhen', sex: 'female', age: 81, status: 'home', address: '9号楼', address_en: 'Building 9', phone: null }
const neighbour = { id: 300, home_id: 4, region_id: null, staff_id: 12, duty: 'paired_neighbour', name: '崔月琴', name_latin: 'Cui Yueqin', phone: null, languages: [], from_day: '2020-01-01', until_day: null }

async function newPair(responsible: unknown[], more: Record<string, unknown> = {}) {
  const { wrapper } = await shown()
  press('3')
  await flushPromises()
  sent = remember({ ...usual, 'POST /residents/search': { items: [resident] }, 'GET /homes/4/responsible': responsible, ...more })
  press('n')
  await flushPromises()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }) // Vue asks the clock which click came after a listener
  await wrapper.find('[data-test=person-search]').setValue('liang')
  await vi.advanceTimersByTimeAsync(500)
  vi.useRealTimers()
  await flushPromises()
  await wrapper.find('.found__one').trigger('click')
  await flushPromises()
  return wrapper
}

it('makes a pair of a resident and their paired neighbour by keyboard', async () => {
  const keyHolder = { ...neighbour, id: 301, staff_id: 13, duty: 'key_holder' }
  const ofTheRegion = { ...neighbour, id: 302, staff_id: 14, home_id: null, region_id: 1 }
  const wrapper = await newPair([keyHolder, neighbour, ofTheRegion], { 'POST /pairs': { ...pair, id: 10 } })
  expect(wrapper.findAll('[data-test=pair-who] option').map((each) => each.attributes('value'))).toEqual(['300'])
  await wrapper.find('[data-test=pair-days]').setValue(3)
  await wrapper.find('[data-test=new-pair]').trigger('submit')
  await flushPromises()
  expect(sent.filter(({ path }) => !path.endsWith('/search'))).toEqual([{ path: 'POST /pairs', body: { responsible_id: 300, resident_id: 61, every_days: 3 } }])
  expect(wrapper.find('[data-test=new-pair]').exists()).toBe(false)
  expect(wrapper.find('[data-test=pairs-told]').text()).toContain('looks in on')
})

it('says where a paired neighbour is entered when the home has none', async () => {
  const wrapper = await newPair([])
  expect(wrapper.find('[data-test=no-neighbour]').text()).toContain('Nobody is entered')
  expect(wrapper.find('[data-test=no-neighbour] a').attributes('href')).toBe('/residents?resident=61')
  expect(wrapper.find('[data-test=pair-save]').exists()).toBe(false)
})

it('says that whoever is paired looks in already', async () => {
  const wrapper = await newPair([{ ...neighbour, staff_id: pair.staff_id }])
  expect(wrapper.find('[data-test=no-neighbour]').text()).toContain('looks in already')
})

it('marks a pair that is overdue by sign and word, and ends one only when asked twice', async () => {
  const { wrapper } = await shown()
  press('3')
  await flushPromises()
  expect(wrapper.find('[data-test=pair-overdue]').text()).toBe('⚠ overdue')
  expect(wrapper.find('[data-test=pairs-overdue]').text()).toBe('⚠ 1 overdue')
  await wrapper.find('[data-test=pair-end]').trigger('click')
  expect(sent).toEqual([])
  await wrapper.find('[data-test=pair-end-sure]').trigger('click')
  await flushPromises()
  expect(sent).toEqual([{ path: 'DELETE /pairs/9', body: {} }])
})
