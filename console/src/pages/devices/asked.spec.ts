import { describe, expect, it } from 'vitest'

import { filtersOf, openOf, queryOf } from './asked'

describe('what an address asks of the list of devices', () => {
  it('is the same there and back', () => {
    const query = { q: '7号楼', region: '12', kind: 'pendant', standing: 'silent', id: '7' }
    expect(queryOf(filtersOf(query), openOf(query))).toEqual(query)
    expect(queryOf(filtersOf({}), openOf({}))).toEqual({})
  })

  it('leaves out what it does not know', () => {
    expect(filtersOf({ region: 'all', kind: 'rocket', standing: ['low', 'stock'], q: null })).toEqual({ q: '', region: '', kind: '', standing: '' })
    for (const id of ['x', '-1', '1.5', null]) expect(openOf({ id })).toBe(null)
  })
})
