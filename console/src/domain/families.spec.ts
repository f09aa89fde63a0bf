import { expect, it } from 'vitest'

import { FAMILIES, familiesOf, SIGNS } from './families'

it('names the categories of somebody in the order of their signs', () => {
  expect(familiesOf({ welfare: ['preferential', 'no_family'], disability: 'visual' })).toEqual(['no_family', 'preferential', 'disabled'])
  expect(familiesOf({ welfare: [], disability: null })).toEqual([])
})

it('has a shape of its own for each', () => {
  expect(new Set(FAMILIES.map((each) => SIGNS[each])).size).toBe(FAMILIES.length)
})
