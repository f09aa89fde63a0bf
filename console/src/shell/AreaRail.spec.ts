import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { useIncidents } from '@/stores/incidents'
import { eachInAFreshBrowser, foreignWords, logIn, show } from '@/testing/pages'
import { incident } from '@/testing/views'

import AreaRail from './AreaRail.vue'

const page = (path: string, name: string, action: 'see_incidents' | 'work_incidents' | 'see_profiles', queue = false) => ({
  path, name, component: { render: () => null }, meta: { nav: `${name}.nav`, action, queue },
})
const routes = [page('/', 'seat', 'see_incidents', true), page('/calls', 'calls', 'work_incidents'), page('/incidents', 'incidents', 'see_incidents'), page('/residents', 'residents', 'see_profiles')]

describe('the rail', () => {
  eachInAFreshBrowser()

  it.each(['zh-CN', 'en'] as const)('names in %s the areas in which there is a page', async (language) => {
    const { wrapper, missing } = show(AreaRail, language, { routes })
    await flushPromises()
    expect(wrapper.findAll('a').map((link) => link.attributes('data-test'))).toEqual(['area-seat', 'area-calls', 'area-records'])
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
  })

  it('leads to the first page that this role may use, and says where one is', async () => {
    await logIn({ actions: ['see_incidents'] })
    const { wrapper, router } = show(AreaRail, 'en', { routes })
    await router.push('/incidents')
    await flushPromises()
    const calls = wrapper.get('[data-test=area-calls]')
    expect([calls.attributes('href'), calls.attributes('aria-current')]).toEqual(['/incidents', 'true'])
    expect(wrapper.get('[data-test=area-seat]').attributes('aria-current')).toBeUndefined()
    expect(wrapper.find('[data-test=area-records]').exists()).toBe(false)
  })

  it('counts beside the seat who waits, wherever one is', async () => {
    const { wrapper } = show(AreaRail, 'en', { routes })
    useIncidents().applyUpserts([incident()], [])
    await flushPromises()
    expect(wrapper.get('[data-test=area-seat]').text()).toMatch(/1$/)
  })
})
