import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { useSession } from '@/stores/session'
import { eachInAFreshBrowser, me, refusal, serve, show } from '@/testing/pages'

import App from './App.vue'

describe('a page that is loaded while the database is away', () => {
  eachInAFreshBrowser({}, { frozen: true })

  it.each(['zh-CN', 'en'] as const)('asks nobody to log in, and is a seat again by itself (%s)', async (language) => {
    useSession().state = 'asking'
    serve({ '/me': refusal(503, 'database_unavailable') })
    const { wrapper, missing } = show(App, language, { stubs: { Shell: true } })
    await flushPromises()
    expect(wrapper.get('[data-test=waiting]').text()).toMatch(/核对|cannot be checked/)
    expect(wrapper.find('input').exists()).toBe(false)
    serve({ '/me': me() })
    await vi.advanceTimersByTimeAsync(3_000)
    expect(useSession().state).toBe('in')
    expect(missing).toEqual([])
  })
})
