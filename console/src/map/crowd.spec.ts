import { describe, expect, it } from 'vitest'

import { crowdOf } from './crowd'
import type { ActiveDot } from './dots'

const dot = (homeId: number, state: ActiveDot['state'] = 'waiting'): ActiveDot => ({ key: `home-${homeId}`, homeId, state, position: [104, 40], label: '', card: null, count: 1 })
const homes = (dots: readonly ActiveDot[]) => dots.map(({ homeId }) => homeId)

describe('alarms on the map', () => {
  it('are all buttons while there are few', () => {
    const few = [dot(1), dot(2)]
    expect(crowdOf(few, null, 2)).toEqual({ buttons: few, dots: [] })
  })

  it('keep the most urgent as buttons, on top of one another in that order', () => {
    const { buttons, dots } = crowdOf([dot(1, 'following'), dot(2, 'taken'), dot(3), dot(4)], null, 3)
    expect(buttons.map(({ state }) => state)).toEqual(['taken', 'waiting', 'waiting'])
    expect(homes(dots)).toEqual([1])
  })

  it('always keep the home that lies open', () => {
    const { buttons } = crowdOf([dot(1, 'following'), dot(2), dot(3), dot(4)], 1, 2)
    expect(homes(buttons)).toContain(1)
    expect(buttons).toHaveLength(2)
  })

  it('lose nobody', () => {
    const all = Array.from({ length: 500 }, (_, index) => dot(index, index % 3 ? 'waiting' : 'taken'))
    const { buttons, dots } = crowdOf(all, 7)
    expect(homes([...buttons, ...dots]).sort()).toEqual(homes(all).sort())
    expect(buttons).toHaveLength(60)
  })
})
