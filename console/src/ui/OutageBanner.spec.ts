import { nextTick } from 'vue'
import { describe, expect, it, vi } from 'vitest'

import { useConnection } from '@/stores/connection'
import { eachInAFreshBrowser, foreignWords, show } from '@/testing/pages'
import { beat } from '@/testing/views'

import OutageBanner from './OutageBanner.vue'

const away = (parts: Parameters<typeof beat>[0] = {}) => beat({ database: false, away_since: '2026-11-22T04:10:00Z', ...parts })

describe('the banner of an outage', () => {
  eachInAFreshBrowser({}, { frozen: true })

  it.each(['zh-CN', 'en'] as const)('says in %s since when by the time of the site, what works, what waits, and how much', async (language) => {
    const { wrapper, missing } = show(OutageBanner, language)
    expect(wrapper.text()).toBe('')
    useConnection().hear(away({ kept: 3 }))
    await nextTick()
    expect(wrapper.get('[data-test=outage]').text()).toMatch(/12:10.*3.*✓.*…/s)
    expect(wrapper.find('[data-test=outage-unsafe]').exists()).toBe(false)
    expect(wrapper.find('[data-test=outage-as-of]').exists()).toBe(false)
    useConnection().hear(away({ as_of: '2026-11-22T04:09:00Z' }))
    await nextTick()
    expect(wrapper.get('[data-test=outage-as-of]').text()).toContain('12:09')
    useConnection().hear(away({ disk: false }))
    await nextTick()
    expect(wrapper.find('[data-test=outage-unsafe]').exists()).toBe(true)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
  })

  it.each(['zh-CN', 'en'] as const)('says in %s how much was written, until it is read or a minute is over', async (language) => {
    const { wrapper, missing } = show(OutageBanner, language)
    const over = () => wrapper.find('[data-test=outage-over]')
    for (const end of ['read', 'a minute']) {
      useConnection().hear(away({ kept: 12 }))
      useConnection().hear(beat({ now: new Date(Date.now()).toISOString() }))
      await nextTick()
      expect(over().text()).toContain('12')
      if (end === 'read') await wrapper.get('[data-test=outage-read]').trigger('click')
      else await vi.advanceTimersByTimeAsync(62_000)
      expect(over().exists(), end).toBe(false)
    }
    expect(missing).toEqual([])
  })

  it('is heard once: its place is there before its words, and the number that moves is no news', async () => {
    const { wrapper } = show(OutageBanner, 'en')
    const place = wrapper.get('[role=status]').element
    useConnection().hear(away({ kept: 3 }))
    await nextTick()
    expect(wrapper.get('[role=status]').element).toBe(place)
    expect(wrapper.get('[data-test=outage-kept]').attributes('aria-live')).toBe('off')
  })
})
