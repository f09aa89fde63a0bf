import { expect, it } from 'vitest'

import { sizeFor } from './picture'

it('shrinks the longer side to 1600 and never enlarges', () => {
  expect(sizeFor(4000, 3000)).toEqual([1600, 1200])
  expect(sizeFor(3000, 4000)).toEqual([1200, 1600])
  expect(sizeFor(640, 480)).toEqual([640, 480])
  expect(sizeFor(50_000, 1)).toEqual([1600, 1])
})
