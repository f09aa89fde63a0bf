import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'

import { apply } from '@/live/apply'
import { useIncidents } from '@/stores/incidents'
import { fillBrowser, foreignWords, show } from '@/testing/pages'
import { incident } from '@/testing/views'

import DrillNotes from './DrillNotes.vue'

const over = { id: 4, subject: 'home' as const, label: '7号楼', over_at: new Date().toISOString(), by_hand: false }

describe('notes on every page', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    fillBrowser()
  })

  it.each(['en', 'zh-CN'] as const)('say in %s that a drill is going on, for as long as something of it is open', async (language) => {
    const { wrapper, missing } = show(DrillNotes, language)
    const drilled = incident({ mode: 'drill' })
    useIncidents().applyUpserts([drilled, incident()], [])
    await nextTick()
    expect(wrapper.find('[data-test=drill-note]').text()).toContain('1')
    useIncidents().applyUpserts([{ ...drilled, version: 2, state: 'closed' }], [])
    await nextTick()
    expect(wrapper.find('[data-test=drill-note]').exists()).toBe(false)
    expect(missing).toEqual([])
  })

  it.each(['en', 'zh-CN'] as const)('say in %s once that a test is over, until it was read', async (language) => {
    const { wrapper, missing } = show(DrillNotes, language)
    apply({ type: 'tests_over', tests_over: [over, { ...over, id: 5, by_hand: true }] })
    await nextTick()
    expect(wrapper.findAll('[data-test=test-over]')).toHaveLength(2)
    if (language === 'en') expect(foreignWords(wrapper.text(), over)).toEqual([])
    await wrapper.find('[data-test=test-over-4]').trigger('click')
    apply({ type: 'snapshot', incidents: [], seats: [], silent_homes: [], ages: null, announcements: [], accesses: [], storms: [], tests_over: [over] })
    await nextTick()
    expect(wrapper.findAll('[data-test=test-over]')).toHaveLength(1)
    expect(missing).toEqual([])
  })

  it('says nothing any more of a test that is over for long', async () => {
    const { wrapper } = show(DrillNotes, 'en')
    apply({ type: 'tests_over', tests_over: [{ ...over, over_at: '2026-01-01T00:00:00Z' }] })
    await nextTick()
    expect(wrapper.find('[data-test=test-over]').exists()).toBe(false)
  })
})
