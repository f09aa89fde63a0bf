import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { eachInAFreshBrowser, foreignWords, logIn, me, refusal, remember, show } from '@/testing/pages'

import DeskPage from './DeskPage.vue'
import { detail, idOf, NOW, people, task } from '@/testing/tasks'
import routes from './routes'

const rescue = task({ id: idOf(9), kind: 'rescue', state: 'unplaced', incident_id: idOf(90), incident_number: 12, what: '', name: null, name_latin: null })
const first = task()
const person = { staff_id: 3, name: '孙玲', kinds: ['caregiver'], phone: null, on_duty: true, on_duty_since: NOW, planned_until: null, absent: false, jobs: 1, lat: null, lng: null, seen_at: null }
const day = { staff_id: 3, name: '孙玲', phone: null, day: '2026-11-12', begins_at: '2026-11-11T16:00:00Z', ends_at: '2026-11-12T16:00:00Z', absent: false, shifts: [], tasks: [{ task: task({ id: idOf(2), state: 'accepted', staff_id: 3, staff_name: '孙玲' }), begins_at: '2026-11-12T02:00:00Z', ends_at: '2026-11-12T03:00:00Z', way_minutes: 12, overlaps: true }] }
const counts = { ranks: { unplaced_rescue: 1, lone_worker: 0, unplaced: 0, late: 0, at_risk: 0, none: 1 }, states: { unplaced: 1, open: 1 }, as_of: NOW }
const at = (id: string) => `/desk/tasks/${id}`
const usual = {
  'GET /desk/tasks': { items: [first, rescue], after: null, mark: '5:5:', as_of: NOW }, 'GET /desk/counts': counts, 'GET /desk/changes': { items: [], gone: [], mark: '5:5:', as_of: NOW, more: false }, 'GET /desk/people': [person],
  [`GET ${at(first.id)}`]: detail(), [`GET ${at(first.id)}/people`]: people, [`GET ${at(rescue.id)}`]: { ...detail(), task: rescue }, [`GET ${at(rescue.id)}/people`]: people, 'GET /desk/people/3/day': day, 'GET /regions': [],
}

const press = async (key: string, target: EventTarget = document.activeElement ?? document.body) => {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  await flushPromises()
}

describe('the dispatch desk', () => {
  eachInAFreshBrowser({ actions: [...me().actions, 'see_field', 'dispatch', 'book_tasks'] })

  async function page(language: 'zh-CN' | 'en' = 'en') {
    const shown = show(DeskPage, language)
    await flushPromises()
    return shown
  }

  it.each([['en', 'Rescue with nobody', 'Shen Yulan'], ['zh-CN', '救助无人接', '沈玉兰']] as const)('shows in %s what wants eyes, loudly a rescue that nobody has', async (language, loud, name) => {
    remember(usual)
    const { wrapper, missing } = await page(language)
    const rows = wrapper.findAll('[data-test=task-row]')
    expect(rows[0]?.text()).toContain(loud)
    expect(rows[1]?.text()).toContain(name)
    expect(wrapper.find('[data-test=desk-alarm]').attributes('role')).toBe('alert')
    await rows[1]!.trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=task-sheet]').text()).toContain(name)
    expect(wrapper.find('[data-test=suggested]').text()).toContain('孙玲')
    await wrapper.find('[data-test=suggested] .whole').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=day-task]').attributes('aria-label')).toContain(language === 'en' ? 'overlaps' : '冲突')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [usual])).toEqual([])
  })

  it.each([['en', '4 of 5 · by text'], ['zh-CN', '4 分（满分 5） · 短信']] as const)('shows in %s how it was, as whoever it was for has answered', async (language, words) => {
    remember({ ...usual, [`GET ${at(first.id)}`]: { ...detail({ state: 'done' }), asked_at: '2026-11-12T09:00:00Z', rating: 4, rated_by: 'sms' } })
    const { wrapper, missing } = await page(language)
    await wrapper.findAll('[data-test=task-row]')[1]!.trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=task-rating]').text()).toBe(words)
    expect(missing).toEqual([])
  })

  it('is worked by the keyboard: down the list, into a task, offered, given', async () => {
    const sent = remember({ ...usual, [`POST ${at(first.id)}/offer`]: detail({ version: 4, state: 'offered', asked: 1 }), [`POST ${at(first.id)}/give`]: detail({ version: 5, state: 'accepted', staff_id: 3, staff_name: '孙玲' }) })
    const { wrapper } = await page()
    await press('j')
    await press('j')
    expect(wrapper.findAll('[data-test=task-row]')[1]?.attributes('aria-current')).toBe('true')
    await press('o')
    expect(sent.at(-1)).toMatchObject({ path: `POST ${at(first.id)}/offer`, body: { version: 3, best: 1 } })
    await press('g')
    const give = wrapper.find<HTMLButtonElement>('[data-test=give]')
    expect(document.activeElement).toBe(give.element)
    await give.trigger('click')
    await flushPromises()
    expect(sent.at(-1)).toMatchObject({ path: `POST ${at(first.id)}/give`, body: { staff_id: 3 } })
    expect(wrapper.find('[data-test=task-done]').text()).toContain('孙玲')
  })

  it('says plainly when somebody was faster, and asks why before it calls off', async () => {
    const sent = remember({ ...usual, [`POST ${at(first.id)}/call-off`]: refusal(409, 'changed_meanwhile') })
    const { wrapper } = await page()
    await wrapper.findAll('[data-test=task-row]')[1]!.trigger('click')
    await flushPromises()
    await press('x')
    expect(sent).toEqual([])
    await wrapper.find('[data-test=ask-words]').setValue('her daughter is there')
    await wrapper.find('[data-test=ask-save]').trigger('submit')
    await flushPromises()
    expect(sent.at(-1)).toMatchObject({ path: `POST ${at(first.id)}/call-off`, body: { version: 3, reason: 'her daughter is there' } })
    expect(wrapper.text()).toContain('Somebody has changed this task meanwhile')
  })

  it('takes a task that is dropped on a name', async () => {
    const sent = remember({ ...usual, [`POST ${at(first.id)}/give`]: detail({ version: 4, state: 'accepted', staff_id: 4, staff_name: '何佳' }) })
    const { wrapper } = await page()
    await wrapper.findAll('[data-test=task-row]')[1]!.trigger('click')
    await flushPromises()
    await wrapper.find('[data-test=hindered]').trigger('drop', { dataTransfer: { types: [], getData: () => first.id } })
    await flushPromises()
    expect(sent.at(-1)).toMatchObject({ path: `POST ${at(first.id)}/give`, body: { staff_id: 4, version: 3 } })
  })

  it('shows an operator the field and lets them book, and nothing else', async () => {
    await logIn({ actions: [...me().actions, 'see_field', 'book_tasks'] })
    remember(usual)
    const { wrapper } = await page()
    await press('j')
    expect(wrapper.find('[data-test=offer-best]').exists()).toBe(false)
    expect(wrapper.find('[data-test=give]').exists()).toBe(false)
    await press('p')
    expect(wrapper.find('[data-test=replan-ask]').exists()).toBe(false)
    await press('n')
    expect(wrapper.find('[data-test=book-submit]').exists()).toBe(true)
    expect(routes[0]?.meta).toMatchObject({ nav: 'desk.nav', action: 'see_field' })
  })

  it('shows the day on which the chosen task is, and says which it is where that is not today', async () => {
    const later = task({ state: 'accepted', staff_id: 3, staff_name: '孙玲', begins_at: '2099-01-02T18:00:00Z' })
    remember({ ...usual, 'GET /desk/tasks': { items: [later], after: null, mark: '5:5:', as_of: NOW }, 'GET /desk/people/3/day': { ...day, day: '2099-01-03', begins_at: '2099-01-02T16:00:00Z' } })
    const [answer, asked] = [globalThis.fetch, [] as string[]]
    vi.stubGlobal('fetch', (url: string, how?: RequestInit) => (asked.push(url), answer(url, how)))
    const { wrapper } = await page()
    await wrapper.find('[data-test=task-row]').trigger('click')
    await flushPromises()
    expect(asked).toContain('/api/v1/desk/people/3/day?day=2099-01-03')
    expect(wrapper.find('[data-test=day-other]').text()).toBe('01/03/2099')
  })

  it('counts whoever waits also where the filter hides them', async () => {
    remember({ ...usual, 'GET /desk/tasks': { items: [first], after: null, mark: '5:5:', as_of: NOW } })
    const { wrapper } = await page()
    await wrapper.find('[data-test=desk-kind]').setValue('visit')
    await flushPromises()
    expect(wrapper.find('[data-test=group-unplaced_rescue]').text()).toContain('1')
    expect(wrapper.find('[data-test=desk-alarm]').exists()).toBe(true)
  })

  it('opens the day of somebody who is found by keyboard among those on duty', async () => {
    const dot = { staff_id: 3, name: '孙玲', kinds: ['caregiver'], task_kind: 'visit', task_state: 'under_way', since: NOW, lat: 40.65, lng: 109.8, accuracy_m: 9, at: NOW }
    remember({ ...usual, 'GET /field/dots': { now: NOW, cursor: '1', whole: true, dots: [dot], gone: [], silent: false } })
    const { wrapper, missing } = await page()
    await wrapper.find('[data-test=field-open]').trigger('click')
    await flushPromises()
    const list = wrapper.find('[data-test=field-list]')
    await list.trigger('keydown', { key: 'ArrowDown' })
    expect(wrapper.find('[data-test=field-card]').text()).toContain('孙玲')
    expect(wrapper.find('[data-test=day-task]').exists()).toBe(false)
    await list.trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(wrapper.find('[data-test=day-task]').exists()).toBe(true)
    await list.trigger('keydown', { key: 'Escape' })
    expect(wrapper.find('[data-test=field-list]').exists()).toBe(false)
    expect(missing).toEqual([])
  })
})
