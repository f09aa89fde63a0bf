import { expect, it } from 'vitest'

import { readAddress, wordOf, writeAddress } from './address'

const nothing = { region: '', home: null, day: '', of: [], concerns: [], all: false }

it('reads what it has written', () => {
  const asked = { region: '370705001001', home: 12, day: '2026-03-31', of: ['no_family' as const, 'alone' as const], concerns: ['no_contact' as const], all: true }
  expect(readAddress(writeAddress(asked) as never)).toEqual(asked)
  expect(writeAddress(nothing)).toEqual({})
})

it('leaves out what it does not know', () => {
  expect(readAddress({ home: 'x', day: 'yesterday', of: 'rich,alone', concerns: 'hope', region: ['a', 'b'] })).toEqual({ ...nothing, region: 'a', of: ['alone'] })
})

it('names a community without a code by its number', () => {
  expect([wordOf({ region_id: 7, code: null }), wordOf({ region_id: 7, code: 'c' })]).toEqual(['@7', 'c'])
})
