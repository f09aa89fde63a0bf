import { POINT_KINDS } from '@/api/drawing'

import { expect, it } from 'vitest'

import { crowded, nameWidth, signElement, signOf } from './points'

it('shows a name only where it covers no other sign and no name shown before', () => {
  const places = [
    { x: 0, y: 0, width: 60 },
    { x: 40, y: 3, width: 60 },
    { x: 45, y: 30, width: 60 },
    { x: 300, y: 0, width: 60 },
  ]
  expect(crowded(places)).toEqual([true, false, false, false])
})

it('knows that Chinese names are wider', () => {
  expect(nameWidth('南门')).toBe(26)
  expect(nameWidth('Gate')).toBeCloseTo(28.8)
})

it('has a sign for every kind of the register, and one for those to come', () => {
  const kinds = [...POINT_KINDS, 'zoo']
  expect(new Set(kinds.map((kind) => signOf(kind).path)).size).toBe(kinds.length)
  expect(signElement('gate').querySelectorAll('path')).toHaveLength(1)
})
