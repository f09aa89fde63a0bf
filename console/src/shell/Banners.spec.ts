import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'

import { useConnection } from '@/stores/connection'
import { foreignWords, logIn, show } from '@/testing/pages'

import Banners from './Banners.vue'

describe('what an operator must know first', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    await logIn()
  })

  it.each(['zh-CN', 'en'] as const)('stands in words in %s', async (language) => {
    const { wrapper, missing } = show(Banners, language)
    const connection = useConnection()
    connection.everLive = connection.mustReload = true
    connection.silentMs = 9_000
    await flushPromises()
    expect(wrapper.findAll('[role=alert]').map((each) => each.attributes('data-test'))).toEqual(['link-lost'])
    expect(wrapper.findAll('[role=status]')).toHaveLength(2)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
  })

  it.each(['zh-CN', 'en'] as const)('says at which other server this seat works, in %s', async (language) => {
    const { wrapper, missing } = show(Banners, language)
    useConnection().server = 'https://b.centre.example:8000'
    await flushPromises()
    const said = wrapper.get('[data-test=elsewhere]')
    expect(said.text()).toContain('b.centre.example:8000')
    expect(said.findAll('button')).toHaveLength(1)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
  })

  it('is nothing while all is well', () => {
    expect(show(Banners, 'en').wrapper.text()).toBe('')
  })
})
