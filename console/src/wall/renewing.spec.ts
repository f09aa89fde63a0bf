import { expect, it } from 'vitest'

import { mayRenew } from './renewing'

const calm = { own: 'a', served: 'b', tried: null, waiting: 0, must: false }

it.each([
  ['a new build, and nobody waits', {}, true],
  ['somebody waits', { waiting: 1 }, false],
  ['somebody waits, but nothing here is alive any more', { waiting: 1, must: true }, true],
  ['the same build', { served: 'a' }, false],
  ['the server says nothing', { served: null, must: true }, false],
  ['it was tried already', { tried: 'b' }, false],
])('%s', (_, parts, renews) => {
  expect(mayRenew({ ...calm, ...parts })).toBe(renews)
})
