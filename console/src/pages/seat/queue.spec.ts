import { describe, expect, it } from 'vitest'

import { incident } from '@/testing'

import { groupQueue } from './queue'

const ME = 1

describe('the queue', () => {
  it('puts the most urgent first, then the oldest', () => {
    const young = incident({ opened_at: '2026-11-22T04:13:00Z' })
    const old = incident({ opened_at: '2026-11-22T04:11:00Z' })
    const lesser = incident({ opened_at: '2026-11-22T04:00:00Z', priority: 2, kind: 'water' })
    expect(groupQueue([lesser, young, old], ME, 'all')).toEqual([{ name: 'waiting', incidents: [old, young, lesser] }])
  })

  it('shows waiting alarms under every filter', () => {
    const waiting = incident()
    const others = incident({ state: 'taken', taken_by: 2 })
    for (const filter of ['all', 'waiting', 'mine'] as const) {
      const shown = groupQueue([waiting, others], ME, filter).flatMap((group) => group.incidents)
      expect(shown).toContain(waiting)
    }
    expect(groupQueue([waiting, others], ME, 'mine').map((group) => group.name)).toEqual(['waiting'])
  })

  it('keeps green key and technical lines apart from alarms', () => {
    const quiet = incident({ signal_class: 'service', kind: 'help', priority: 3 })
    const technical = incident({ signal_class: 'technical', kind: 'low_battery', priority: 3 })
    expect(groupQueue([quiet, technical], ME, 'all').map((group) => group.name)).toEqual(['quiet'])
  })

  it('puts what a colleague offers to me where I look first', () => {
    const offered = incident({ state: 'taken', taken_by: 2, offered_to: ME })
    expect(groupQueue([offered], ME, 'all')[0]?.name).toBe('waiting')
  })

  it('leaves out what is closed', () => {
    expect(groupQueue([incident({ state: 'closed' })], ME, 'all')).toEqual([])
  })
})
