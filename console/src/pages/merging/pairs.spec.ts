import { describe, expect, it } from 'vitest'

import { calledBy, rowsInWords, type Side } from './pairs'

describe('two that may be one', () => {
  it('are called by their names, homes by their addresses', () => {
    expect(calledBy({ name: '沈玉兰', name_latin: 'Shen Yulan', address: '甲' } as Side)).toEqual(['沈玉兰', 'Shen Yulan'])
    expect(calledBy({ address: '甲', address_en: 'A' } as Side)).toEqual(['甲', 'A'])
  })

  it('say by table what stands in the way', () => {
    expect(rowsInWords(['contact:12', 'home:7', 'contact:13'], (table) => table.toUpperCase())).toBe('CONTACT 12, 13; HOME 7')
    expect(rowsInWords([], String)).toBe('')
  })
})
