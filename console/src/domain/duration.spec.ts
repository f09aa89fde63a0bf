import { expect, it } from 'vitest'

import { partsOf } from './duration'

it.each([
  [0, '0 seconds'], [15, '15 seconds'], [60, '1 minutes'], [90, '1 minutes 30 seconds'],
  [14_400, '4 hours'], [5_400, '1 hours 30 minutes'], [3_661, '1 hours 1 minutes'], [86_400, '24 hours'],
])('says %i s as %s', (seconds, said) => {
  expect(partsOf(seconds).map(([unit, n]) => `${n} ${unit}`).join(' ')).toBe(said)
})
