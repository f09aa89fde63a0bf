import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { Graphics } from '@/testing/graphics'

import { Pace } from './pace'

describe('how far the graphics are behind', () => {
  let graphics: Graphics
  let pace: Pace
  let called: string[]

  beforeEach(() => {
    vi.useFakeTimers()
    graphics = new Graphics()
    pace = new Pace(graphics)
    called = []
  })
  afterEach(() => void vi.useRealTimers())

  it('is not asked while nothing was drawn', () => {
    graphics.busy = true
    pace.whenDone((waitedMs) => called.push(`${waitedMs} ms`))
    expect(called).toEqual(['0 ms'])
  })

  it('is told with the time that it took, once', () => {
    pace.drew()
    graphics.busy = true
    pace.whenDone((waitedMs) => called.push(`${waitedMs} ms`))
    vi.advanceTimersByTime(990)
    expect(called).toEqual([])
    graphics.busy = false
    vi.advanceTimersByTime(5_000)
    expect(called).toEqual(['1000 ms'])
    expect(graphics.fences.size).toBe(0)
  })

  it('is told to the last who asked', () => {
    pace.drew()
    graphics.busy = true
    pace.whenDone(() => called.push('first'))
    pace.whenDone(() => called.push('last'))
    expect(graphics.fences.size).toBe(1)
    graphics.busy = false
    vi.advanceTimersByTime(100)
    expect(called).toEqual(['last'])
  })

  it('is nothing to wait for where the context is lost, before or meanwhile', () => {
    pace.drew()
    graphics.busy = true
    pace.whenDone(() => called.push('meanwhile'))
    graphics.lost = true
    vi.advanceTimersByTime(100)
    pace.drew()
    pace.whenDone(() => called.push('before'))
    expect(called).toEqual(['meanwhile', 'before'])
  })
})
