import { describe, expect, it } from 'vitest'

import { following } from './following'

const rows = (...ids: string[]) => ids.map((id) => ({ id }))

describe('what is worked on next', () => {
  it.each([
    ['the row behind', rows('a', 'b', 'c'), 'b', 1, 'c'],
    ['the row that came up in place of one that was done', rows('a', 'c'), 'b', 1, 'c'],
    ['the first again behind the last', rows('a', 'b'), 'b', 1, 'a'],
    ['the first, when the last was done', rows('a'), 'b', 1, 'a'],
    ['nothing, when it is the only one', rows('a'), 'a', 0, null],
    ['nothing, when the list is empty', rows(), 'a', 0, null],
    ['the first, when nothing lay open', rows('a', 'b'), null, -1, 'a'],
  ] as const)('is %s', (_, all, opened, at, next) => {
    expect(following(all, opened, at)).toBe(next)
  })
})
