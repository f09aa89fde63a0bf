import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { eachInAFreshBrowser, foreignWords, refusal, show } from '@/testing/pages'
import { collect } from '@/words'

import AlivePage from './AlivePage.vue'

const since = '2026-11-28T03:00:00Z'
const fact = { subject: '', said: '', since, warn: null, bad: null }
const circle = { ...fact, check: 'circle', subject: '1', state: 'bad', value: 0, unit: 'holds', bad: 0, said: 'device' }
const disk = { ...fact, check: 'disk', state: 'well', value: 62, unit: 'percent', warn: 15, bad: 5 }
const backup = { ...fact, check: 'backup', state: 'warn', value: null, unit: 'seconds', warn: 93_600, bad: 180_000, said: 'never' }
const late = { ...fact, check: 'processors', subject: 'office', state: 'bad', value: 1, unit: 'count', bad: 1, said: 'sms_sender' }
const answer = { now: '2026-11-28T03:10:00Z', looked_at: '2026-11-28T03:09:55Z', items: [disk, circle, backup, late] }

describe('the page of what must be alive', () => {
  eachInAFreshBrowser({ actions: ['see_liveness'] })

  async function page(given: unknown, language: 'zh-CN' | 'en' = 'en') {
    vi.stubGlobal('fetch', async () => (given instanceof Response ? given.clone() : new Response(JSON.stringify(given))))
    const shown = show(AlivePage, language)
    await flushPromises()
    return shown
  }

  it.each(['zh-CN', 'en'] as const)('says in %s how each stands, in words and by a sign, and what to do, the worst on top', async (language) => {
    const { wrapper, missing } = await page(answer, language)
    const rows = wrapper.findAll('[data-test=alive-check]')
    expect(rows.map((row) => row.find('[data-state]').attributes('data-state'))).toEqual(['bad', 'bad', 'warn', 'well'])
    expect(rows[0]!.find('[data-state]').text()).toMatch(/^✗ \S/)
    expect(wrapper.text()).toContain('sms_sender')
    expect(missing).toEqual([])
    if (language === 'en') {
      expect(rows[0]!.text()).toContain('stops at: device port')
      expect(foreignWords(wrapper.text(), [])).toEqual([])
    }
  })

  it('says that an old answer is no word about now', async () => {
    const { wrapper } = await page({ ...answer, looked_at: '2026-11-28T03:00:00Z' })
    expect(wrapper.find('[data-test=alive-stale]').exists()).toBe(true)
    expect(wrapper.find('[data-test=alive-looked]').exists()).toBe(false)
    expect(wrapper.findAll('[data-test=alive-was]').map((chip) => chip.text())).toEqual(['was: bad', 'was: bad', 'was: look at it', 'was: well'])
    expect(wrapper.find('[data-state]').exists()).toBe(false)
  })

  it('keeps what it had when nobody answers, and says that it is old', async () => {
    const { wrapper } = await page(answer)
    vi.stubGlobal('fetch', async () => refusal(503, 'unavailable'))
    await wrapper.find('[data-test=alive-again]').trigger('click')
    await flushPromises()
    expect(wrapper.findAll('[data-test=alive-check]')).toHaveLength(4)
    expect(wrapper.find('[data-test=alive-stale]').exists()).toBe(true)
  })

  it('knows what to do about every check', () => {
    const words = collect('en').alive as { check: object; todo: object }
    expect(Object.keys(words.todo).sort()).toEqual(Object.keys(words.check).sort())
  })
})
