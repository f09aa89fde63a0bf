import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { RouteRecordNormalized } from 'vue-router'

import { eachInAFreshBrowser, foreignWords, show } from '@/testing/pages'

import PageTabs from './PageTabs.vue'
import type { AreaName } from './pages'

const page = (name: string, nav: string) => ({ path: `/${name}`, name, component: { render: () => null }, meta: { nav } })
const routes = [page('users', 'users.nav'), page('devices', 'devices.nav'), page('gateways', 'gateways.nav'), page('audit', 'audit.nav')]

describe('the pages of an area', () => {
  eachInAFreshBrowser()

  async function tabs(name: AreaName, language: 'zh-CN' | 'en' = 'en') {
    const shown = show(PageTabs, language, { routes, props: { area: { name, pages: routes as unknown as RouteRecordNormalized[] } } })
    await shown.router.push('/gateways')
    await flushPromises()
    return shown
  }

  it.each(['zh-CN', 'en'] as const)('stand in named groups in %s where they are many, and say where one is', async (language) => {
    const { wrapper, missing } = await tabs('manage', language)
    const groups = wrapper.findAll('[role=group]')
    expect(groups.map((group) => group.findAll('.bar__link').map((link) => link.attributes('href')))).toEqual([['/users'], ['/devices', '/gateways'], ['/audit']])
    expect(groups.map((group) => group.classes('is-here'))).toEqual([false, true, false])
    expect(wrapper.get('[data-test=group-devices]').attributes('href')).toBe('/devices')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
  })

  it('stand in one row elsewhere', async () => {
    const { wrapper } = await tabs('records')
    expect(wrapper.find('[role=group]').exists()).toBe(false)
    expect(wrapper.findAll('.bar__link')).toHaveLength(4)
  })
})
