import { describe, expect, it } from 'vitest'

import type { IncidentView } from '@/api/wire'
import { incident } from '@/testing/views'

import { atRow, countRows, rowOf, rowsOf, stormOf } from './folding'
import { Queue } from './queue'

const ME = 1
const card = { ...incident().card, peer: '10.0.0.7' }
const stranger = (parts: Partial<IncidentView> = {}) => incident({ home_id: null, card, ...parts })
const strangers = (count: number, parts: Partial<IncidentView> = {}) => Array.from({ length: count }, () => stranger(parts))

function shown(incidents: readonly IncidentView[], unfolded: string[] = [], kept: string[] = []) {
  const queue = new Queue(ME)
  for (const each of incidents) queue.put(each)
  return queue.groups('all').map((group) => rowsOf(group, new Set(unfolded), new Set(kept)))
}

describe('unknown callers of one storm', () => {
  it('are one row with how many stand beneath it, and all are counted', () => {
    const all = strangers(40)
    const [waiting] = shown(all)
    expect(waiting!.rows.map(({ id }) => id)).toEqual([all[0]!.id])
    expect(waiting!.size).toBe(40)
    expect(waiting!.storms.get(all[0]!.id)).toEqual({ key: stormOf(all[0]!), peer: '10.0.0.7', beneath: 39 })
  })

  it('stand each for itself while they are few', () => {
    expect(shown(strangers(4))[0]!.rows).toHaveLength(4)
  })

  it('stand each for itself where somebody has unfolded them, and say so', () => {
    const all = strangers(9)
    const [waiting] = shown(all, [stormOf(all[0]!)!])
    expect(waiting!.rows).toHaveLength(9)
    expect(waiting!.storms.get(all[0]!.id)?.beneath).toBe(0)
  })

  it('leave a row to the one that lies open', () => {
    const all = strangers(9)
    const [waiting] = shown(all, [], [all[5]!.id])
    expect(waiting!.rows.map(({ id }) => id)).toEqual([all[0]!.id, all[5]!.id])
    expect(waiting!.storms.get(all[0]!.id)?.beneath).toBe(7)
  })

  it('never take a known home with them, nor what is taken, nor another address, kind or minute', () => {
    const apart = [
      incident({ card }), stranger({ card: { ...card, peer: null } }), stranger({ card: { ...card, peer: '10.0.0.8' } }), stranger({ kind: 'smoke' }),
      stranger({ opened_at: '2026-11-22T04:13:00Z' }), stranger({ state: 'taken', taken_by: 2 }), stranger({ signal_class: 'technical', kind: 'low_battery' }),
    ]
    const rows = shown([...strangers(30), ...apart]).flatMap((group) => group.rows)
    expect(rows).toHaveLength(1 + apart.length)
    for (const each of apart) expect(rows).toContain(each)
  })
})

describe('a row', () => {
  it('is found by its incident, and its incident by the row', () => {
    const mine = incident({ state: 'taken', taken_by: ME })
    const home = incident({ opened_at: '2026-11-22T04:59:00Z' })
    const all = strangers(20)
    const groups = shown([mine, home, ...all])
    expect(countRows(groups)).toBe(3)
    expect([0, 1, 2, 3].map((row) => atRow(groups, row)?.id)).toEqual([mine.id, all[0]!.id, home.id, undefined])
    expect([mine, all[0]!, home, all[1]!].map((each) => rowOf(groups, each))).toEqual([0, 1, 2, -1])
  })
})
