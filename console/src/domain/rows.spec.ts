import { describe, expect, it } from 'vitest'

import { rowsInSight, showsLines } from './rows'

const sight = { row: 40, heading: 28, top: 0, height: 600 }

describe('rows of a long queue', () => {
  it('are drawn where they are in sight, and a few around', () => {
    expect(rowsInSight([10_000], sight)).toEqual([{ from: 0, to: 21 }])
    const [middle] = rowsInSight([10_000], { ...sight, top: 200_000 })
    expect(middle!.from).toBeLessThan((200_000 - 28) / 40)
    expect(middle!.to).toBeGreaterThan((200_600 - 28) / 40)
    expect(middle!.to - middle!.from).toBeLessThan(32)
  })

  it('are drawn of no group that is out of sight', () => {
    expect(rowsInSight([1_000, 5], sight)[1]).toEqual({ from: 0, to: 0 })
    expect(rowsInSight([1_000, 5], { ...sight, top: 40_000 - 300 })[1]).toEqual({ from: 0, to: 5 })
    expect(rowsInSight([1_000, 5], { ...sight, top: 40_000 - 300 })[0]!.to).toBe(1_000)
  })

  it('stand beneath a heading that is higher than others', () => {
    expect(rowsInSight([1, 10_000], { ...sight, top: 4_000 }, [4_000])[1]!.from).toBe(0)
    expect(rowsInSight([1, 10_000], { ...sight, top: 4_000 })[1]!.from).toBeGreaterThan(80)
  })

  it('are all drawn when all fit', () => {
    expect(rowsInSight([3, 2, 1], sight)).toEqual([{ from: 0, to: 3 }, { from: 0, to: 2 }, { from: 0, to: 1 }])
  })
})

it('turns cards into lines when many wait, and back only when few do', () => {
  expect(showsLines(8, false)).toBe(false)
  expect(showsLines(9, false)).toBe(true)
  expect(showsLines(8, true)).toBe(true)
  expect(showsLines(6, true)).toBe(false)
})
