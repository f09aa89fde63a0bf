import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { card, dispositions, filed, line, oneCase } from '@/hotline/testing'
import { away, eachInAFreshBrowser, foreignWords, logIn, me, refusal, remember, show } from '@/testing/pages'

import HotlinePage from './HotlinePage.vue'
import routes from './routes'

const counts = { to_be_filed: 1, missed: 2, call_backs: 1, cases_open: 3, cases_overdue: 1 }
const missed = line({ id: 'call-2', answered_at: null, answered_by: null, answered_by_name: null, talked_s: null, times: 5, name: null, resident_id: null, home_id: null, call_back_wanted: true })
const page = (items: unknown[]) => ({ items, after: null })
const usual = () => ({
  'GET /hotline/counts': counts, 'GET /hotline/calls': page([line()]), 'GET /hotline/dispositions': dispositions, 'GET /hotline/calls/call-1': filed(), 'GET /hotline/calls/call-2': { ...filed(), line: missed },
  'GET /hotline/cards': [card()], 'GET /hotline/cases': page([oneCase({ is_overdue: true })]), 'GET /hotline/cases/case-1': { line: oneCase(), steps: [{ n: 1, at: '2026-11-28T08:02:00Z', kind: 'opened', user_name: '林晓雯', words: '', due_at: null }] },
})
const press = async (key: string, target: EventTarget = document.body) => {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  await flushPromises()
}

describe('the page of the hotline', () => {
  eachInAFreshBrowser({}, { frozen: true })

  async function opened(language: 'zh-CN' | 'en' = 'en') {
    const shown = show(HotlinePage, language)
    await flushPromises()
    return shown
  }

  it.each([['en', 'To be filed', 'Shen Yulan'], ['zh-CN', '待登记', '沈玉兰']] as const)('shows in %s what is to be filed, and how much of all else', async (language, part, name) => {
    remember(usual())
    const { wrapper, missing } = await opened(language)
    expect(wrapper.get('[data-test=part-to_be_filed]').text()).toContain(part)
    expect(wrapper.get('[data-test=part-missed]').text()).toContain('2')
    expect(wrapper.get('[data-test=call-row]').text()).toContain(name)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [line(), card()])).toEqual([])
  })

  it('is walked and worked by keys alone', async () => {
    const sent = remember({ ...usual(), 'POST /hotline/calls/call-1/file': filed({ disposition: 'praise', filings: 1 }) })
    const { wrapper } = await opened()
    await press('j')
    expect(document.activeElement?.getAttribute('data-test')).toBe('open-call')
    await wrapper.get('[data-test=open-call]').trigger('click')
    await flushPromises()
    const panel = wrapper.get('[data-test=after-call]').element
    expect(document.activeElement).toBe(panel)
    await press('p', panel)
    expect(sent.at(-1)).toMatchObject({ path: 'POST /hotline/calls/call-1/file', body: { disposition: 'praise' } })
    await press('Escape', panel)
    expect(wrapper.find('[data-test=call-sheet]').exists()).toBe(false)
    await press('4')
    expect(wrapper.find('[data-test=case-row]').exists()).toBe(true)
  })

  it('works a missed call off with its reason, and says how often they rang', async () => {
    const answers: Record<string, unknown> = { ...usual(), 'GET /hotline/calls': page([missed]), 'POST /hotline/calls/call-2/worked-off': refusal(422, 'needs_reason') }
    const sent = remember(answers)
    const { wrapper } = await opened()
    await press('2')
    expect(wrapper.get('[data-test=times]').text()).toBe('5 times')
    await wrapper.get('[data-test=open-call]').trigger('click')
    await flushPromises()
    await wrapper.get('[data-test=needs-nothing]').trigger('click')
    await flushPromises()
    expect(wrapper.get('[data-test=work-off-refused]').text()).toContain('Say why')
    answers['POST /hotline/calls/call-2/worked-off'] = { calls: 5 }
    await wrapper.get('[data-test=work-off-reason]').setValue('sells windows')
    await wrapper.get('[data-test=needs-nothing]').trigger('click')
    await flushPromises()
    expect(sent.at(-1)?.body).toEqual({ how: 'needs_nothing', reason: 'sells windows' })
    expect(wrapper.get('[data-test=worked-off]').text()).toContain('5')
  })

  it('is on to the next with Enter once a call is filed, in the place of what has left the list', async () => {
    const answers: Record<string, unknown> = { ...usual(), 'GET /hotline/calls': page([line(), line({ id: 'call-3' })]), 'GET /hotline/calls/call-3': filed({ id: 'call-3' }), 'POST /hotline/calls/call-1/file': filed({ disposition: 'praise', filings: 1 }) }
    remember(answers)
    const { wrapper } = await opened()
    await wrapper.findAll('[data-test=open-call]')[0]!.trigger('click')
    await flushPromises()
    answers['GET /hotline/calls'] = page([line({ id: 'call-3' })])
    await press('p', wrapper.get('[data-test=after-call]').element)
    const next = wrapper.get('[data-test=next-one]')
    expect(document.activeElement).toBe(next.element)
    expect(next.text()).toContain('1 left')
    await next.trigger('click')
    await flushPromises()
    expect(wrapper.get('[data-test=open-call]').attributes('aria-current')).toBe('true')
    expect(document.activeElement).toBe(wrapper.get('[data-test=after-call]').element)
    expect(wrapper.find('[data-test=next-one]').exists()).toBe(false)
  })

  it('has the number of a missed call under the finger, and says when it was reached meanwhile', async () => {
    const answers: Record<string, unknown> = { ...usual(), 'GET /hotline/calls': page([missed]) }
    remember(answers)
    const { wrapper } = await opened()
    await press('2')
    await wrapper.get('[data-test=open-call]').trigger('click')
    await flushPromises()
    expect(document.activeElement).toBe(wrapper.get('[data-test=ring-back]').element)
    answers['GET /hotline/calls'] = page([])
    answers['GET /hotline/counts'] = { ...counts, missed: 0 }
    await vi.advanceTimersByTimeAsync(15_000)
    expect(wrapper.get('[data-test=worked-off]').text()).toContain('No longer among the missed calls')
  })

  it('rings nobody back who has withheld the number, and says what to do', async () => {
    remember({ ...usual(), 'GET /hotline/calls': page([{ ...missed, caller_e164: null, caller_raw: '' }]) })
    const { wrapper } = await opened()
    await press('2')
    await wrapper.get('[data-test=open-call]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=ring-back]').exists()).toBe(false)
    expect(wrapper.find('[data-test=rung-back]').exists()).toBe(false)
    expect(wrapper.get('[data-test=missed]').text()).toContain('nobody can be rung back')
  })

  it('shows what was recorded of a call to who may hear it, and to nobody else', async () => {
    remember({ ...usual(), 'GET /hotline/calls/call-1/recordings': [] })
    const { wrapper } = await opened()
    await wrapper.get('[data-test=open-call]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=recordings-none]').exists()).toBe(false)
    await logIn({ actions: [...me().actions, 'hear_recordings'] })
    await press('Escape')
    await wrapper.get('[data-test=open-call]').trigger('click')
    await flushPromises()
    expect(wrapper.get('[data-test=recordings-none]').text()).toBe('No recording of this call.')
  })

  it('works a case: late, noted, put off, done', async () => {
    const answers: Record<string, unknown> = { ...usual(), 'POST /hotline/cases/case-1/steps': { line: oneCase({ version: 2 }), steps: [] } }
    const sent = remember(answers)
    const { wrapper } = await opened()
    await press('4')
    expect(wrapper.get('[data-test=case-row]').text()).toContain('late')
    await wrapper.get('[data-test=open-case]').trigger('click')
    await flushPromises()
    expect(wrapper.get('[data-test=case-done]').attributes('disabled')).toBeDefined()
    await wrapper.get('[data-test=case-later-60]').trigger('click')
    await flushPromises()
    expect(sent.at(-1)?.body).toMatchObject({ kind: 'postponed', minutes: 60, version: 1 })
    await wrapper.get('[data-test=case-words]').setValue('refunded')
    await wrapper.get('[data-test=case-done]').trigger('click')
    await flushPromises()
    expect(sent.at(-1)?.body).toMatchObject({ kind: 'done', words: 'refunded', version: 2 })
  })

  it('writes a call down where no exchange tells of it, and goes on to file it', async () => {
    const sent = remember({ ...usual(), 'POST /hotline/calls': line({ source: 'by_hand' }) })
    const { wrapper } = await opened()
    await press('n')
    const form = document.querySelector<HTMLFormElement>('[data-test=hand-form]')!
    const number = form.querySelector<HTMLInputElement>('[data-test=hand-number]')!
    number.value = '013912345678'
    number.dispatchEvent(new Event('input'))
    form.dispatchEvent(new Event('submit', { cancelable: true }))
    await flushPromises()
    expect(sent.at(-1)).toMatchObject({ path: 'POST /hotline/calls', body: { number: '013912345678', direction: 'in', answered: true } })
    expect(wrapper.find('[data-test=after-call]').exists()).toBe(true)
  })

  it('searches by words that no address carries', async () => {
    remember({ ...usual(), 'POST /hotline/calls/search': page([]) })
    const { wrapper } = await opened()
    const fetched = vi.spyOn(globalThis, 'fetch')
    await wrapper.get('[data-test=calls-search]').setValue('沈')
    await vi.advanceTimersByTimeAsync(250)
    const asked = fetched.mock.calls.map(([url, init]) => `${init?.method} ${String(url)}`)
    expect(asked).toContain('POST /api/v1/hotline/calls/search')
    expect(asked.join()).not.toContain(encodeURIComponent('沈'))
    expect(wrapper.find('[data-test=hotline-none]').exists()).toBe(true)
  })

  it('reads its list again when the counts have changed, and not for nothing', async () => {
    const answers: Record<string, unknown> = usual()
    remember(answers)
    await opened()
    const fetched = vi.spyOn(globalThis, 'fetch')
    await vi.advanceTimersByTimeAsync(15_000)
    expect(fetched.mock.calls.map(([url]) => url).filter((url) => url !== '/api/v1/names/latin')).toEqual(['/api/v1/hotline/counts'])
    answers['GET /hotline/counts'] = { ...counts, to_be_filed: 0 }
    answers['GET /hotline/calls'] = page([])
    await vi.advanceTimersByTimeAsync(15_000)
    expect(document.querySelector('[data-test=hotline-none]')).not.toBeNull()
  })

  it('says when a list is empty, and waits for an office that is away', async () => {
    remember({ ...usual(), 'GET /hotline/calls': page([]) })
    expect((await opened()).wrapper.get('[data-test=hotline-none]').text()).toBe('No call is to be filed.')
    remember({ 'GET /hotline/counts': away() })
    expect((await opened()).wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })

  it('says of when a list is that stands while the office is away', async () => {
    const answers: Record<string, unknown> = usual()
    remember(answers)
    const { wrapper } = await opened()
    expect(wrapper.find('[data-test=as-of]').exists()).toBe(false)
    answers['GET /hotline/counts'] = away()
    await vi.advanceTimersByTimeAsync(15_000)
    expect(wrapper.get('[data-test=as-of]').text()).toMatch(/as of \d\d:\d\d/)
    expect(wrapper.find('[data-test=call-row]').exists()).toBe(true)
  })

  it('hands the list out to who may carry it away, and stands in the menu of who answers calls', async () => {
    remember(usual())
    expect((await opened()).wrapper.find('[data-test=calls-export]').exists()).toBe(false)
    await logIn({ actions: [...me().actions, 'export_incidents'] })
    expect((await opened()).wrapper.find('[data-test=calls-export]').exists()).toBe(true)
    expect(routes.map(({ meta }) => meta?.action)).toEqual(['answer_calls', 'manage_lines'])
  })
})
