import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, show } from '@/testing/pages'

import CallFiguresPage from './CallFiguresPage.vue'

const within = [10, 15, 20, 60, 180].map((seconds) => ({ seconds, calls: seconds === 10 ? 200_000 : 280_000 }))
const total = {
  offered: 303_000, answered: 297_785, abandoned: 5_215, waiting: 0, within, waited_s: 1_786_710, longest_wait_s: 95, talk_s: 33_000_000, talked: 297_785, wrap_up_s: 8_000_000, wrapped_up: 297_785,
  effective: 121_200, filed: 303_000, to_be_filed: 0, missed_open: 0, read_back: 0, by_hand: 0, simulated: 303_000, placed: 12, placed_answered: 9, placed_talk_s: 600, automatic: 0, automatic_answered: 0,
}
const hours = Array.from({ length: 24 }, (_, hour) => ({ ...total, key: String(hour), name: '', name_en: '', offered: hour === 9 ? 44_161 : 1_000, answered: hour === 9 ? 40_000 : 1_000 }))
const view = { at: '2026-03-14T08:00:00Z', from_day: '2013-01-01', until_day: '2013-10-30', timezone: 'Asia/Shanghai', by: 'hour', total, rows: hours }
const first = { ...view, rows: [{ device_kind: 'elder_phone', model: 'H3', first_calls: 40, failed: 3, reached_by_repeat: 2, reached_by_call_back: 1 }] }

describe('calls in figures', () => {
  eachInAFreshBrowser({ actions: ['see_figures', 'listen_in'] })

  async function page(language: 'zh-CN' | 'en' = 'en', answer: unknown = view) {
    const asked: string[] = []
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(url.replace('/api/v1', ''))
      if (url.includes('first-calls')) return new Response(JSON.stringify(first))
      return answer instanceof Response ? answer.clone() : new Response(JSON.stringify(answer))
    })
    const shown = show(CallFiguresPage, language)
    await flushPromises()
    return { ...shown, asked }
  }

  it.each(['zh-CN', 'en'] as const)('say in %s how many were effective, when most came, and that they are invented', async (language) => {
    const { wrapper, missing } = await page(language)
    expect(wrapper.get('[data-test=effective]').text()).toContain('121,200')
    expect(wrapper.get('[data-test=effective]').text()).toContain('40.0 %')
    expect(wrapper.get('[data-test=peak]').text()).toContain('44,161')
    expect(wrapper.get('[data-test=figures-simulated]').text()).toContain('303,000')
    expect(wrapper.get('[data-test=longest-wait]').text()).toBe('1:35')
    expect(wrapper.findAll('[data-test=call-bar]')).toHaveLength(24)
    expect(wrapper.findAll('[data-test=figures-row]')).toHaveLength(24)
    expect(wrapper.get('[data-test=within-10]').text()).toContain('66.0 %')
    expect(wrapper.get('[data-test=first-row]').text()).toContain('7.5 %')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [])).toEqual([])
  })

  it('are asked for by days, kind and what one row is to be', async () => {
    const { wrapper, asked } = await page()
    asked.length = 0
    await wrapper.get('[data-test=figures-from]').setValue('2013-01-01')
    await wrapper.get('[data-test=figures-until]').setValue('2013-10-30')
    await wrapper.get('[data-test=figures-kind]').setValue('red')
    await wrapper.get('[data-test=figures-by]').setValue('seat')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(asked).toEqual(['/hotline/figures?from=2013-01-01&until=2013-10-30&kind=red&by=seat', '/hotline/figures/first-calls?from=2013-01-01&until=2013-10-30&kind=red'])
    expect(wrapper.get('[data-test=call-figures-csv]').attributes('href')).toBe('/api/v1/hotline/figures/table?from=2013-01-01&until=2013-10-30&kind=red&by=hour&lang=en')
  })

  it('of single seats are not offered to an official', async () => {
    const { useSession } = await import('@/stores/session')
    useSession().me!.actions = ['see_figures']
    const { wrapper } = await page()
    expect(wrapper.get('[data-test=figures-by]').text()).not.toContain('Seat')
  })

  it('are those that were asked for last, whichever answer comes first', async () => {
    const held: (() => void)[] = []
    vi.stubGlobal('fetch', async (url: string) => {
      const early = held.length < 2
      await new Promise<void>((go) => held.push(go))
      return new Response(JSON.stringify(url.includes('first-calls') ? first : { ...view, from_day: early ? '2000-01-01' : '2013-01-01' }))
    })
    const { wrapper } = show(CallFiguresPage, 'en')
    await wrapper.get('form').trigger('submit')
    expect(held).toHaveLength(4)
    for (const go of held.reverse()) {
      go()
      await flushPromises()
    }
    expect(wrapper.get('[data-test=figures-at]').text()).toContain('2013-01-01')
  })

  it('say that they cannot be had now', async () => {
    const { wrapper } = await page('en', away())
    expect(wrapper.find('[data-test=offered]').exists()).toBe(false)
    expect(wrapper.text()).not.toContain('303,000')
  })
})
