import { expect, it } from 'vitest'

import { CALL_KEYS } from '@/telephone/keys'
import { i18n } from '@/words'

import { EVERYWHERE, KEYS, PAGE_KEYS } from './keys'

const known = (text: string) => (i18n.global.te as (key: string) => boolean)(text)

it('leaves to every page the keys that answer an alarm or a message to all', () => {
  for (const { page, keys } of PAGE_KEYS) expect(keys.flatMap((each) => each.keys).filter((key) => EVERYWHERE.includes(key)), page).toEqual([])
  expect(EVERYWHERE.filter((key) => !KEYS.some(({ keys }) => keys.includes(key)))).toEqual([])
})

it('means one thing by each key of a page, and has words for it', () => {
  for (const { page, title, keys } of PAGE_KEYS) {
    const all = keys.flatMap((each) => each.keys)
    expect(new Set(all).size, page).toBe(all.length)
    for (const text of [title, ...keys.map((each) => each.text)]) expect(known(text), text).toBe(true)
  }
})

it('leaves to calls keys that mean nothing else anywhere, with or without Shift', () => {
  const others = [...KEYS, ...PAGE_KEYS.flatMap(({ keys }) => keys)].map(({ keys }) => keys.join('+'))
  const calls = CALL_KEYS.map(({ keys }) => keys.join('+'))
  expect(new Set(calls).size).toBe(calls.length)
  expect(calls.filter((each) => others.includes(each) || others.includes(each.replace('Shift+', '')))).toEqual([])
  for (const { text } of CALL_KEYS) expect(known(text), text).toBe(true)
})
