import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, serve, show } from '@/testing/pages'
import { incident, person } from '@/testing/views'

import IncidentsPage from './IncidentsPage.vue'
import { askedIn, NOTHING_ASKED } from './past'

const closed = incident({ state: 'closed', taken_by: 7, taken_by_name: '赵一鸣', outcome: 'mistaken_press', closed_at: '2026-11-22T05:00:00Z', card: { ...incident().card, people: [person()] } })
const older = incident({ state: 'closed', outcome: 'test', closed_at: '2026-11-21T05:00:00Z' })

describe('the list of incidents', () => {
  eachInAFreshBrowser({}, { frozen: true })

  async function list(language: 'zh-CN' | 'en' = 'en') {
    const shown = show(IncidentsPage, language)
    await flushPromises()
    return shown
  }

  it.each(['zh-CN', 'en'] as const)('reads in %s, each a link to the seat and to its page on paper', async (language) => {
    serve({ '/history': { items: [closed], next: null, operators: { 7: 'Zhao Yiming' } } })
    const { wrapper, missing } = await list(language)
    const row = wrapper.find('[data-test=past-row]')
    expect(row.text()).toContain(language === 'en' ? 'Zhao Yiming' : '赵一鸣')
    expect(row.text()).toContain(language === 'en' ? 'Shen Yulan' : '沈玉兰')
    expect(row.findAll('a').map((each) => each.attributes('href'))).toEqual([`/?incident=${closed.id}`, `/api/v1/incidents/${closed.id}/print?lang=${language}`])
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), closed)).toEqual([])
  })

  it('asks for what is typed and chosen, and leads further back, also over a page on which nothing fits', async () => {
    const asked: string[] = []
    const answers = [{ items: [closed], next: 'a' }, { items: [], next: 'b' }, { items: [older], next: null }]
    vi.stubGlobal('fetch', async (url: string, { body }: { body: string | null }) => (asked.push(`${url} ${body ?? ''}`), new Response(JSON.stringify(answers.shift()))))
    const { wrapper } = await list()
    await wrapper.find('[data-test=past-search]').setValue('shen')
    await wrapper.find('[data-test=past-outcome]').setValue('test')
    await vi.advanceTimersByTimeAsync(300)
    expect(asked[1]).toBe('/api/v1/history/search {"q":"shen","outcome":"test"}')
    expect(wrapper.find('[data-test=past-none]').text()).toContain('so far')
    await wrapper.find('[data-test=past-more]').trigger('click')
    await flushPromises()
    expect(asked[2]).toBe('/api/v1/history/search {"q":"shen","outcome":"test","after":"b"}')
    expect(wrapper.findAll('[data-test=past-row]')).toHaveLength(1)
    expect(wrapper.find('[data-test=past-more]').exists()).toBe(false)
  })

  it('keeps what is chosen in its address, but not the words, and begins with what stands there', async () => {
    serve({ '/history': { items: [], next: null, operators: {} } })
    const first = await list()
    await first.wrapper.find('[data-test=past-search]').setValue('shen')
    await first.wrapper.find('[data-test=past-state]').setValue('open')
    await flushPromises()
    expect(first.router.currentRoute.value.query).toEqual({ state: 'open' })
    expect(askedIn({ state: 'closed', kind: 'sos', since: '2026-11-01' })).toEqual({ ...NOTHING_ASKED, state: 'closed', kind: 'sos', since: '2026-11-01' })
  })

  it('waits for an office that is away', async () => {
    serve({ '/history': away() })
    const { wrapper } = await list()
    expect(wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })
})
