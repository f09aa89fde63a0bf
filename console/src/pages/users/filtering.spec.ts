import { expect, it } from 'vitest'
import type { LocationQuery } from 'vue-router'

import { addressOf, filterOf, questionOf } from './filtering'

const none = { q: '', role: '', region: '', standing: '' }

it('reads an address and writes the same again', () => {
  const query = { q: '林', role: 'operator', region: '7', standing: 'locked' }
  expect(addressOf(filterOf(query), '')).toEqual(query)
  expect(addressOf(none, '4')).toEqual({ user: '4' })
})

it.each<LocationQuery>([{ role: 'king' }, { standing: 'asleep' }, { region: 'east' }, { role: ['operator', 'auditor'] }])('asks for anybody where the address is %o', (query) => {
  expect(filterOf(query)).toEqual(none)
})

it('asks the server for what is wanted, from the page after', () => {
  expect(questionOf({ ...none, q: ' 林 ', region: '7' }, 12)).toEqual({ q: '林', role: '', region_id: '7', standing: '', after: 12 })
})
