import { describe, expect, it } from 'vitest'

import { show } from '@/testing/pages'

import LargeAddress from './LargeAddress.vue'
import type { Selected } from './selection'

const selected: Selected = { homeId: 2, buildingId: null, entrance: '2', floor: 5, door: '501', lat: 40.1234567, lng: 104.5, address: 'Building 7, Yuyinli', incident: 'a' }

describe('the address where nothing is drawn', () => {
  it('is read from afar, with the door and the position', () => {
    const { wrapper, missing } = show(LargeAddress, 'en', { props: { selected, doorText: 'Entrance 2 · 501' } })
    expect(wrapper.find('strong').text()).toBe('Building 7, Yuyinli')
    expect(wrapper.find('em').text()).toBe('Entrance 2 · 501')
    expect(wrapper.find('.figures').text()).toBe('40.12346, 104.50000')
    expect(missing).toEqual([])
  })

  it.each([['zh-CN', '位置'], ['en', 'No position known']] as const)('says in %s what is not known', (language, words) => {
    const { wrapper, missing } = show(LargeAddress, language, { props: { selected: { ...selected, lat: null, address: '' }, doorText: '' } })
    expect(wrapper.find('strong').text()).not.toBe('')
    expect(wrapper.find('em').exists()).toBe(false)
    expect(wrapper.find('.figures').exists()).toBe(false)
    expect(wrapper.text()).toContain(words)
    expect(missing).toEqual([])
  })
})
