import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'

import { away, fillBrowser, foreignWords, serve, show } from '@/testing/pages'

import SentFigures from './SentFigures.vue'

vi.setConfig({ testTimeout: 30_000 }) // the first of them loads every word

const FIGURES = {
  at: '2026-03-14T04:12:00Z', since: '2026-02-12T04:12:00Z', days: 30, asked: 12, to_accept_min: 1.5, to_arrive_min: null,
  levels: [{ seconds: 2700, permille: 900, decided: 10, met: 9, reached: true }, { seconds: 3600, permille: 1000, decided: 10, met: 9, reached: false }],
}

beforeEach(() => {
  setActivePinia(createPinia())
  fillBrowser()
  vi.useRealTimers()
})

it.each(['zh-CN', 'en'] as const)('says in %s who was there in time, by figure, sign and word', async (language) => {
  serve({ '/sent/figures': FIGURES })
  const { wrapper, missing } = show(SentFigures, language)
  await flushPromises()
  expect(wrapper.get('[data-test=sent-level-45]').text()).toMatch(/90\.0 %.*9\/10.*✓/)
  expect(wrapper.get('[data-test=sent-level-60]').text()).toContain('▼')
  expect(wrapper.get('[data-test=sent-to-accept]').text()).toContain('1.5')
  expect(missing).toEqual([])
  if (language === 'en') expect(foreignWords(wrapper.html(), [])).toEqual([])
})

it('says that it cannot be worked out while the office is away', async () => {
  serve({ '/sent/figures': away() })
  const { wrapper } = show(SentFigures, 'en')
  await flushPromises()
  expect(wrapper.find('[data-test=sent-figures-stale]').exists()).toBe(true)
  expect(wrapper.find('table').exists()).toBe(false)
})
