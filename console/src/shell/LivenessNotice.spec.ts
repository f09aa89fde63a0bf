import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { foreignWords, logIn, show } from '@/testing/pages'

import LivenessNotice from './LivenessNotice.vue'

const silent = { check: 'watchdog', subject: '1', state: 'bad', value: 900, unit: 'seconds', warn: 150, bad: 300, said: '', since: '2026-11-28T03:00:00Z' }
const well = { ...silent, state: 'well', value: 4 }
const says = (...items: unknown[]) => vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ now: '2026-11-28T03:10:00Z', looked_at: '2026-11-28T03:10:00Z', items })))

describe('that something which must be alive is not', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    vi.useFakeTimers()
    await logIn({ actions: ['see_liveness'] })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  async function notice(language: 'zh-CN' | 'en' = 'en') {
    const shown = show(LivenessNotice, language)
    await flushPromises()
    return shown
  }

  it.each(['zh-CN', 'en'] as const)('stands in a line in %s, without a sound', async (language) => {
    says(silent)
    const { wrapper, missing } = await notice(language)
    expect(wrapper.find('[role=status]').text()).toContain(language === 'en' ? 'Watchdog heard (1)' : '看门狗最近来信 (1)')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
  })

  it('goes with the look at which it is well', async () => {
    says(silent)
    const { wrapper } = await notice()
    says(well)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(wrapper.find('[data-test=liveness-notice]').exists()).toBe(false)
  })

  it('stays while nobody answers', async () => {
    says(silent)
    const { wrapper } = await notice()
    vi.stubGlobal('fetch', () => Promise.reject(new Error('away')))
    await vi.advanceTimersByTimeAsync(30_000)
    expect(wrapper.find('[data-test=liveness-notice]').exists()).toBe(true)
  })
})
