import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { Rung } from '@/api/wire'

import { Gatherer } from './gather'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const rung = (id: string, ring = 1): Rung => ({ incident_id: id, ring })

it('says the first at once and gathers what comes within the next tenth of a second', () => {
  const sent: Rung[][] = []
  const gatherer = new Gatherer((incidents) => sent.push(incidents))
  gatherer.add([rung('a')])
  gatherer.add([rung('b')])
  gatherer.add([rung('c')])
  expect(sent).toEqual([[rung('a')]])
  vi.advanceTimersByTime(100)
  expect(sent[1]).toEqual([rung('b'), rung('c')])
})

it('says each ring once', () => {
  const sent: Rung[][] = []
  const gatherer = new Gatherer((incidents) => sent.push(incidents))
  gatherer.add([rung('a'), rung('a')])
  vi.advanceTimersByTime(500)
  gatherer.add([rung('a'), rung('a', 2)])
  expect(sent.flat()).toEqual([rung('a'), rung('a', 2)])
})

it('says everything again over a new line', () => {
  const sent: Rung[][] = []
  const gatherer = new Gatherer((incidents) => sent.push(incidents))
  gatherer.add([rung('a')])
  gatherer.forget()
  vi.advanceTimersByTime(100)
  gatherer.add([rung('a')])
  expect(sent).toEqual([[rung('a')], [rung('a')]])
})

it('never puts more than five hundred into one message', () => {
  const sent: Rung[][] = []
  const gatherer = new Gatherer((incidents) => sent.push(incidents))
  gatherer.add(Array.from({ length: 1_200 }, (_, index) => rung(String(index))))
  vi.advanceTimersByTime(300)
  expect(sent.map((each) => each.length)).toEqual([500, 500, 200])
})
