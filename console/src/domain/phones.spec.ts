import { expect, it } from 'vitest'

import type { Profile } from '@/api/profile'

import { phonesOf } from './phones'

const home = (...residents: object[]) => ({ residents }) as unknown as Profile

it('calls back whoever pressed first, and each number once', () => {
  const husband = { id: 1, name: '沈国强', name_latin: '', phone: '+8657188880001', second_phone: null }
  const wife = { id: 2, name: '沈玉兰', name_latin: '', phone: '+8613900001001', second_phone: '+8657188880001' }
  expect(phonesOf(home(husband, wife), 2).map(({ phone }) => phone)).toEqual(['+8613900001001', '+8657188880001'])
})

it('knows none before the profile is there', () => expect(phonesOf(null, 1)).toEqual([]))
