import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { foreignWords, logIn, show } from '@/testing/pages'

import UntoldBanner from './UntoldBanner.vue'

const says = (checks: Record<string, boolean>, status = 200) => vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ ready: status === 200, checks }), { status }))

describe('whether nobody can be told of an alarm', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    vi.useFakeTimers()
    await logIn({ actions: ['manage_escalation'] })
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  async function banner(language: 'zh-CN' | 'en' = 'en') {
    const shown = show(UntoldBanner, language)
    await flushPromises()
    return shown
  }

  it.each(['zh-CN', 'en'] as const)('stands in red words in %s, with the way to a number', async (language) => {
    says({ alarms_told: false })
    const { wrapper, missing, router } = await banner(language)
    router.addRoute({ path: '/policies', component: { render: () => null }, meta: { nav: 'policies.nav', action: 'manage_escalation' } })
    expect(wrapper.find('[role=alert]').exists()).toBe(true)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
  })

  it('is nothing while everybody was told, and comes with the next look', async () => {
    says({ alarms_told: true })
    const { wrapper } = await banner()
    expect(wrapper.find('[data-test=untold]').exists()).toBe(false)
    says({ alarms_told: false }, 503)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(wrapper.find('[data-test=untold]').exists()).toBe(true)
  })

  it('stays while nobody answers', async () => {
    says({ alarms_told: false })
    const { wrapper } = await banner()
    vi.stubGlobal('fetch', () => Promise.reject(new Error('away')))
    await vi.advanceTimersByTimeAsync(5_000)
    expect(wrapper.find('[data-test=untold]').exists()).toBe(true)
    says({ alarms_told: true })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(wrapper.find('[data-test=untold]').exists()).toBe(false)
  })
})
