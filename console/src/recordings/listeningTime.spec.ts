import { describe, expect, it } from 'vitest'

import { clockOf, gains, moved, nextSpeed, outline } from './listeningTime'

describe('where somebody is in a recording', () => {
  it.each([[0, '00:00'], [61.9, '01:01'], [3_725, '1:02:05'], [-1, '00:00']])('says %d seconds as %s', (seconds, said) => {
    expect(clockOf(seconds)).toBe(said)
  })

  it('goes five seconds a key and never out of it', () => {
    expect([moved(10, 1, 60), moved(10, -1, 60), moved(2, -1, 60), moved(58, 1, 60)]).toEqual([15, 5, 0, 60])
  })

  it('goes from three quarters to twice as fast and no further', () => {
    expect([nextSpeed(1, 1), nextSpeed(2, 1), nextSpeed(1, -1), nextSpeed(0.75, -1)]).toEqual([1.25, 2, 0.75, 0.75])
  })

  it('hears both, or one alone', () => {
    expect([gains(0), gains(-1), gains(1)]).toEqual([{ far: 1, centre: 1 }, { far: 1, centre: 0 }, { far: 0, centre: 1 }])
    expect(gains(-0.5)).toEqual({ far: 1, centre: 0.5 })
  })

  it('draws a bar for each part, the loudest as high as there is room', () => {
    expect(outline([255, 0], 10, 20)).toBe('M2.50 0.00V20.00M7.50 9.50V10.50')
  })
})
