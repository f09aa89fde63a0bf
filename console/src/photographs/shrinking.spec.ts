import { expect, it } from 'vitest'

import { shrunk, shrunkSize } from './shrinking'

it.each([
  [[4000, 3000], [1600, 1200]],
  [[3000, 4000], [1200, 1600]],
  [[800, 600], [800, 600]],
  [[16000, 3], [1600, 1]],
])('makes %j %j', ([width, height], smaller) => {
  expect(shrunkSize(width!, height!)).toEqual(smaller)
})

it('sends what no browser can draw as it is: the server says why it is refused', async () => {
  const file = new File(['GIF89a'], 'x.gif')
  expect(await shrunk(file)).toBe(file)
})
