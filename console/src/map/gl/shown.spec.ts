import { describe, expect, it } from 'vitest'

import { isInside } from './shown'

const MAP = { clientWidth: 400, clientHeight: 300 }

describe('a place on the map', () => {
  it.each([[{ x: 200, y: 150 }, true], [{ x: 8, y: 292 }, true], [{ x: 3, y: 150 }, false], [{ x: 200, y: 299 }, false], [{ x: 900, y: 150 }, false], [{ x: NaN, y: 150 }, false]])(
    '%j can be seen: %s', (place, seen) => expect(isInside(place, MAP)).toBe(seen),
  )
})
