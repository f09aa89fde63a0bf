import { expect, it } from 'vitest'

import { addressOf, narrowedIn } from './address'

it('keeps region and page, and leaves out what is as usual', () => {
  expect(addressOf({ region: '6', page: 3 })).toEqual({ region: '6', page: '3' })
  expect(addressOf({ region: '', page: 1 })).toEqual({})
})

it('reads nothing from an address that is no filter', () => {
  expect(narrowedIn({ region: 'x', page: '-2' })).toEqual({ region: '', page: 1 })
  expect(narrowedIn({ region: '6', page: '3', resident: '1' })).toEqual({ region: '6', page: 3 })
})
