import { describe, expect, it } from 'vitest'

import type { ServerMessage } from '@/api/wire'
import { beat, entry, incident } from '@/testing/views'

import { SLICE, slicesOf } from './slices'

const many = Array.from({ length: 2 * SLICE + 10 }, (_, index) => incident(index % 2 ? {} : { state: 'taken', taken_by: 2 }))
const snapshot = (incidents = many): ServerMessage => ({ type: 'snapshot', incidents, seats: [], silent_homes: [6], ages: null, announcements: [], accesses: [], tests_over: [], storms: [] })

function incidentsOf(message: ServerMessage) {
  return message.type === 'snapshot' || message.type === 'incidents' ? message.incidents : []
}

describe('a long message', () => {
  it('comes in slices that hold every incident once, the last of which says so', () => {
    const slices = slicesOf(snapshot())
    expect(slices.map(({ more }) => more)).toEqual([true, true, false])
    expect(slices.flatMap(({ message }) => incidentsOf(message)).map(({ id }) => id).sort()).toEqual(many.map(({ id }) => id).sort())
  })

  it('brings those who wait first', () => {
    const [first] = slicesOf(snapshot())
    expect(incidentsOf(first!.message).every((each) => each.state === 'waiting')).toBe(true)
  })

  it('keeps the entries of a burst, once', () => {
    const entries = [entry(many[0]!, 1)]
    const slices = slicesOf({ type: 'incidents', incidents: many, entries })
    expect(slices.flatMap(({ message }) => (message.type === 'incidents' ? message.entries : []))).toEqual(entries)
  })
})

it('passes on short messages, and others, as they are', () => {
  const message = beat()
  expect(slicesOf(message)).toEqual([{ message, more: false }])
  const few = snapshot([incident()])
  expect(slicesOf(few)).toEqual([{ message: few, more: false }])
})
