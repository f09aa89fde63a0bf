import { expect, it } from 'vitest'

import type { Profile } from '@/api/profile'
import type { FromMemory } from '@/api/wire'

import { phonesOf } from './phones'

const home = (...residents: object[]) => ({ residents }) as unknown as Profile

it('calls back whoever pressed first, and each number once', () => {
  const husband = { id: 1, name: '沈国强', name_latin: '', phone: '+8657188880001', second_phone: null }
  const wife = { id: 2, name: '沈玉兰', name_latin: '', phone: '+8613900001001', second_phone: '+8657188880001' }
  expect(phonesOf(home(husband, wife), 2).map(({ phone }) => phone)).toEqual(['+8613900001001', '+8657188880001'])
})

it('knows none before the profile is there', () => expect(phonesOf(null, 1)).toEqual([]))

it('calls back by what the server remembers until then, contacts left out', () => {
  const number = { name: '沈玉兰', name_latin: '', relation: '', relation_en: '', has_key: false, sms_consent: false, contact_id: null, rank: null }
  const memory: FromMemory = { since: '2026-11-22T04:12:00Z', numbers: [{ ...number, resident_id: 1, phone: '+8657188880001' }, { ...number, resident_id: 1, phone: '+8613900100228', contact_id: 4, rank: 1 }, { ...number, resident_id: 2, phone: '+8613900001001' }] }
  expect(phonesOf(null, 2, memory).map(({ phone }) => phone)).toEqual(['+8613900001001', '+8657188880001'])
})
