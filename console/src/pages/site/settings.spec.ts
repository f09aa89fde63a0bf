import { expect, it } from 'vitest'

import type { Setting } from '@/api/site'

import { isWithin, valueOf } from './settings'

const setting = (parts: Partial<Setting>) => ({ name: 'site.session_h', kind: 'number', least: 9, most: 24, choices: [], ...parts }) as unknown as Setting

it.each([
  ['9', true], ['24', true], [' 12 ', true], ['8', false], ['25', false], ['', false], ['12.5', false], ['1e1', false], ['-9', false],
])('a number is within its bounds or is not sent: %s', (typed, within) => expect(isWithin(typed, setting({}))).toBe(within))

it('a text has its length, and may be none', () => {
  const name = setting({ kind: 'text', least: 0, most: 4 })
  expect(['', '榆荫里', '榆荫里街道'].map((typed) => isWithin(typed, name))).toEqual([true, true, false])
})

it('what is typed becomes what is sent', () => {
  expect(valueOf(' 12 ', setting({}))).toBe(12)
  expect(valueOf(' 12 ', setting({ kind: 'text' }))).toBe('12')
})
