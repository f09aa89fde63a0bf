import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, refusal, remember, show, type Sent } from '@/testing/pages'

import RosterPage from './RosterPage.vue'
import routes from './routes'

const NOW = new Date('2026-03-17T02:00:00Z') // Tuesday, 10 o'clock in Shanghai
const duty = { began_at: '2026-03-17T00:00:00Z', began_by: 'roster', planned_until: '2026-03-17T08:00:00Z', kept_by_task: false }
const shift = { id: 7, staff_id: 1, begins_at: '2026-03-18T00:00:00Z', ends_at: '2026-03-18T08:00:00Z', planned_for: 1, planned_for_name: '张伟', swap_to: null, swap_to_name: null, begun: false, flags: [] }
const begun = { ...shift, id: 6, begins_at: '2026-03-17T00:00:00Z', ends_at: '2026-03-17T08:00:00Z', begun: true }
const absence = { id: 4, staff_id: 2, from_day: '2026-03-18', until_day: null, kind: 'leave', reason: '' }
const zhang = { staff_id: 1, name: '张伟', name_latin: 'Zhang Wei', kinds: ['grid_worker'], region_id: 2, duty, shifts: [begun, shift], absences: [] }
const wang = { ...zhang, staff_id: 2, name: '王芳', name_latin: 'Wang Fang', duty: null, shifts: [{ ...shift, id: 8, staff_id: 2, flags: ['absent', 'holiday'], swap_to: 1, swap_to_name: '张伟' }], absences: [absence] }
const days = Array.from({ length: 7 }, (_, n) => ({ day: `2026-03-${16 + n}`, kind: n === 2 ? 'holiday' : null, name: '' }))
const roster = { days, calendar_known: true, people: [zhang, wang], more: false }
const there = { staff_id: 1, name: '张伟', name_latin: 'Zhang Wei', phone: '+8613900300009', kinds: [], skills: [], languages: [], vehicle: '', region_id: 2, areas: [], absent: false, tasks: 2, next_shift_at: null, duty }
const onDuty = { items: [there], total: 1, total_is_capped: false, page: 1, limit: 200, after: null }
const usual = { 'GET /duty/roster': roster, 'GET /duty/staff': onDuty, 'GET /regions': [{ id: 2, name: '榆荫街道', name_en: 'Yuyin Street', path: [2] }] }
let sent: Sent[]

async function page(language: 'zh-CN' | 'en' = 'en', answers: Record<string, unknown> = {}) {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
  sent = remember({ ...usual, ...answers })
  const shown = show(RosterPage, language)
  await flushPromises()
  await flushPromises()
  return shown
}

type Shown = Awaited<ReturnType<typeof page>>['wrapper']
const cell = (wrapper: Shown, row: number, column: number) => wrapper.get(`#roster-${row}-${column}`)
const press = async (wrapper: Shown, key: string) => {
  await wrapper.get('[data-test=roster-grid]').trigger('keydown', { key })
  await flushPromises()
}

describe('the roster', () => {
  eachInAFreshBrowser({ actions: ['see_field', 'dispatch'], timezone: 'Asia/Shanghai' })
  afterEach(() => vi.useRealTimers())

  it.each(['zh-CN', 'en'] as const)('says in %s who works when, what speaks against it, and who is on duty', async (language) => {
    const { wrapper, missing } = await page(language)
    const rows = wrapper.findAll('[data-test=roster-row]').map((each) => each.text())
    expect(rows[0]).toContain('08:00–16:00')
    expect(rows[1]).toMatch(language === 'en' ? /leave.*absent that day, holiday/s : /请假.*当天缺勤, 节假日/s)
    expect(wrapper.get('[data-test=on-duty]').text()).toMatch(language === 'en' ? /Zhang Wei.*since 08:00, until 16:00.*by the roster.*2 tasks/s : /张伟.*08:00 起，至 16:00.*按排班.*2 件任务/s)
    expect(wrapper.get('[data-test=as-of]').text()).toContain('10:00:00')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [usual])).toEqual([])
  })

  it('is worked with the keys alone: arrows move, N plans', async () => {
    const { wrapper } = await page('en', { 'POST /duty/shifts': [shift] })
    expect(cell(wrapper, 0, 1).attributes('tabindex')).toBe('0')
    await press(wrapper, 'ArrowDown')
    await press(wrapper, 'ArrowRight')
    expect(document.activeElement?.id).toBe('roster-1-2')
    await press(wrapper, 'n')
    await wrapper.get('[data-test=last]').setValue('2026-03-20')
    await wrapper.get('dialog form').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ path: 'POST /duty/shifts', body: { staff_ids: [2], from_day: '2026-03-18', last_day: '2026-03-20', weekdays: [1, 2, 3, 4, 5, 6, 7], begins: '08:00', ends: '16:00' } }])
    expect(wrapper.get('[data-test=done]').text()).toContain('Wang Fang')
    expect(document.activeElement?.id).toBe('roster-1-2')
  })

  it('says whose shift is in the way, and keeps what was written', async () => {
    const overlap = new Response(JSON.stringify({ error: { code: 'shifts_overlap', message: '', params: { name: '张伟', begins_at: '2026-03-17T00:00:00Z', ends_at: '2026-03-17T08:00:00Z' } } }), { status: 409 })
    const { wrapper } = await page('en', { 'POST /duty/shifts': overlap })
    await press(wrapper, 'n')
    await wrapper.get('dialog form').trigger('submit')
    await flushPromises()
    expect(wrapper.get('[data-test=refused]').text()).toBe('张伟 has a shift from 2026-03-17 08:00 to 2026-03-17 16:00 already.')
    expect(wrapper.get<HTMLInputElement>('[data-test=ends]').element.value).toBe('16:00')
  })

  it('asks somebody to take a shift over with S, and has it confirmed', async () => {
    const { wrapper } = await page('en', { 'POST /duty/shifts/7/swap': shift, 'POST /duty/shifts/8/swap/confirm': shift })
    await press(wrapper, 'ArrowRight')
    await press(wrapper, 's')
    await wrapper.get('[data-test=taker]').setValue(2)
    await wrapper.get('dialog form').trigger('submit')
    await flushPromises()
    await press(wrapper, 'ArrowDown')
    await press(wrapper, 's')
    await wrapper.get('[data-test=confirm-swap]').trigger('click')
    await flushPromises()
    expect(sent.map(({ path }) => path)).toEqual(['POST /duty/shifts/7/swap', 'POST /duty/shifts/8/swap/confirm'])
    expect(sent[0]!.body).toEqual({ staff_id: 2 })
  })

  it('has nothing to swap of a shift that has begun', async () => {
    const { wrapper } = await page()
    await press(wrapper, 's')
    expect(wrapper.find('dialog').exists()).toBe(false)
    expect(wrapper.get('[data-test=done]').text()).toContain('no shift to swap')
  })

  it('says what an absence leaves undone before the dialog goes', async () => {
    const absent = { absence: { ...absence, staff_id: 1 }, tasks: [{ id: 'x' }, { id: 'y' }], shifts: 1, off_duty: true }
    const { wrapper } = await page('en', { 'POST /duty/absences': absent })
    await press(wrapper, 'a')
    await wrapper.get('[data-test=absence-last]').setValue('2026-03-19')
    await wrapper.get('dialog form').trigger('submit')
    await flushPromises()
    expect(sent[0]!.body).toEqual({ staff_id: 1, kind: 'ill', from_day: '2026-03-17', until_day: '2026-03-20', reason: '' })
    expect(wrapper.get('[data-test=absent]').text()).toMatch(/duty has ended.*2 tasks.*1 shifts/s)
    await wrapper.get('[data-test=understood]').trigger('click')
    await flushPromises()
    expect(wrapper.find('dialog').exists()).toBe(false)
  })

  it('opens a day with Enter: its shifts are moved and removed there', async () => {
    const { wrapper } = await page()
    await press(wrapper, 'ArrowRight')
    await press(wrapper, 'Enter')
    await wrapper.get('[data-test=remove-shift]').trigger('click')
    await flushPromises()
    expect(sent).toEqual([{ path: 'DELETE /duty/shifts/7', body: {} }])
  })

  it('ends the duty of somebody with a task only when that is meant', async () => {
    const hasTask = new Response(JSON.stringify({ error: { code: 'has_task', message: '', params: { name: '张伟', tasks: 2 } } }), { status: 409 })
    const { wrapper } = await page('en', { 'POST /duty/staff/1/end': hasTask })
    await wrapper.get('[data-test=end-duty]').trigger('click')
    await flushPromises()
    const { asked } = await import('@/ui/question')
    expect(asked.value?.text).toContain('Zhang Wei has 2 tasks')
    asked.value?.answer(false)
    await flushPromises()
    expect(sent).toHaveLength(1)
    expect(wrapper.get('[data-test=done]').text()).toBe('')
  })

  it('names what was not copied from last week', async () => {
    const copied = { planned: 9, left_out: [{ staff_id: 2, name: '王芳', begins_at: '2026-03-18T00:00:00Z', why: 'absent' }] }
    const { wrapper } = await page('en', { 'POST /duty/roster/copy': copied })
    await wrapper.get('[data-test=copy-week]').trigger('click')
    const { asked } = await import('@/ui/question')
    asked.value?.answer(true)
    await flushPromises()
    expect(sent).toEqual([{ path: 'POST /duty/roster/copy', body: { from_day: '2026-03-16', region_id: null } }])
    expect(wrapper.get('[data-test=left-out]').text()).toContain('2026-03-18: absent that day')
  })

  it('keeps two hundred people out of the page, and the one with the focus in it', async () => {
    const many = Array.from({ length: 200 }, (_, n) => ({ ...zhang, staff_id: n + 1, shifts: [], duty: null }))
    const { wrapper } = await page('en', { 'GET /duty/roster': { ...roster, people: many } })
    expect(wrapper.findAll('[data-test=roster-row]').length).toBeLessThan(40)
    for (let n = 0; n < 5; n += 1) await press(wrapper, 'PageDown')
    expect(document.activeElement?.id).toBe('roster-50-1')
  })

  it('says loudly that nobody is on duty', async () => {
    const { wrapper } = await page('zh-CN', { 'GET /duty/staff': { ...onDuty, items: [], total: 0 } })
    expect(wrapper.get('[data-test=nobody]').text()).toContain('没有人可派')
  })

  it('says that it is no longer of now when the office is away', async () => {
    const { wrapper } = await page('en', { 'GET /duty/staff': away() })
    expect(wrapper.find('[data-test=office-away]').exists()).toBe(true)
    const refused = await page('en', { 'GET /duty/roster': refusal(403, 'forbidden') })
    expect(refused.wrapper.find('[role=alert]').exists()).toBe(true)
  })
})

describe('the roster of somebody who only looks', () => {
  eachInAFreshBrowser({ actions: ['see_field'], timezone: 'Asia/Shanghai' })
  afterEach(() => vi.useRealTimers())

  it('offers nothing to change', async () => {
    const { wrapper } = await page()
    for (const key of ['n', 's', 'a']) await press(wrapper, key)
    expect(wrapper.find('dialog').exists()).toBe(false)
    for (const each of ['copy-week', 'begin-duty', 'end-duty']) expect(wrapper.find(`[data-test=${each}]`).exists()).toBe(false)
  })

  it('stands in the menu of whoever sees the field', () => {
    expect(routes[0]?.meta).toMatchObject({ nav: 'roster.nav', action: 'see_field' })
  })
})
