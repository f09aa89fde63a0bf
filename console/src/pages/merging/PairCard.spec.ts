import { afterEach, describe, expect, it } from 'vitest'

import type { ResidentPair } from '@/api/doubles'
import { show } from '@/testing/pages'

import PairCard from './PairCard.vue'

const side = (id: number) => ({ id, version: 1, home_id: 1, region_id: 1, name: '沈玉兰', name_latin: 'Shen Yulan', sex: 'female', birth_date: '1943-03-01', phone: '+8613900000001', status: 'home', address: '甲', address_en: 'A', contacts: 1, devices: 2 })
const pair = { why: ['identity', 'phone'], one: side(1), other: side(2) } as ResidentPair

describe('a pair', () => {
  afterEach(() => document.body.replaceChildren())

  it.each(['zh-CN', 'en'] as const)('is shown side by side in %s', (language) => {
    const { wrapper, missing } = show(PairCard, language, { props: { pair, busy: false } })
    expect(wrapper.findAll('.chip')).toHaveLength(2)
    expect(wrapper.findAll('h3').map((each) => each.text())).toEqual(language === 'en' ? ['Shen Yulan #1', 'Shen Yulan #2'] : ['沈玉兰 #1', '沈玉兰 #2'])
    expect(missing).toEqual([])
  })

  it('says which is kept', async () => {
    const { wrapper } = show(PairCard, 'en', { props: { pair, busy: false } })
    await wrapper.findAll('[data-test=keep]')[1]!.trigger('click')
    expect(wrapper.emitted('keep')).toEqual([[pair.other, pair.one]])
  })
})
