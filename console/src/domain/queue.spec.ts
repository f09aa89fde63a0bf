import { describe, expect, it } from 'vitest'

import type { IncidentView } from '@/api/wire'
import { incident } from '@/testing/views'

import { byUrgency, Queue } from './queue'

const ME = 1

function queueOf(...incidents: IncidentView[]): Queue {
  const queue = new Queue(ME)
  for (const each of incidents) queue.put(each)
  return queue
}

describe('the queue', () => {
  it('puts the most urgent first, then the oldest', () => {
    const young = incident({ opened_at: '2026-11-22T04:13:00Z' })
    const old = incident({ opened_at: '2026-11-22T04:11:00Z' })
    const lesser = incident({ opened_at: '2026-11-22T04:00:00Z', priority: 2, kind: 'water' })
    expect(queueOf(lesser, young, old).groups('all')).toEqual([{ name: 'waiting', incidents: [old, young, lesser] }])
  })

  it('puts the test alarm of the site below whatever is real, however old it is', () => {
    const called = { way: 'trial', phone: null, caller: null, place: null, contact_id: null, user_id: 9, user: '魏来' }
    const trial = incident({ mode: 'test', opened_at: '2026-11-22T03:00:00Z', card: { ...incident().card, called } })
    const [real, quiet] = [incident({ priority: 3 }), incident({ mode: 'test' })]
    expect(queueOf(trial, quiet, real).groups('all')).toEqual([{ name: 'waiting', incidents: [real, trial] }, { name: 'quiet', incidents: [quiet] }])
  })

  it('shows waiting alarms under every filter', () => {
    const waiting = incident()
    const others = incident({ state: 'taken', taken_by: 2 })
    const queue = queueOf(waiting, others)
    for (const filter of ['all', 'waiting', 'mine'] as const) expect(queue.groups(filter)[0]).toEqual({ name: 'waiting', incidents: [waiting] })
    expect(queue.groups('mine').map((group) => group.name)).toEqual(['waiting'])
  })

  it('keeps green key and technical lines apart from alarms', () => {
    const quiet = incident({ signal_class: 'service', kind: 'help', priority: 3 })
    const technical = incident({ signal_class: 'technical', kind: 'low_battery', priority: 3 })
    const queue = queueOf(quiet, technical)
    const groups = queueOf(technical, quiet, incident()).groups('all')
    expect(groups.map((group) => group.name)).toEqual(['waiting', 'requests', 'quiet'])
    expect(queue.groups('waiting').map((group) => group.name)).toEqual(['requests'])
    expect(queue.waiting()).toEqual([])
    expect(queueOf({ ...quiet, mode: 'test' }).groups('all')[0]?.name).toBe('quiet')
    expect(queueOf({ ...quiet, state: 'taken', taken_by: ME }).groups('all')[0]?.name).toBe('mine')
  })

  it('puts what a colleague offers to me where I look first', () => {
    const offered = incident({ state: 'taken', taken_by: 2, offered_to: ME })
    expect(queueOf(offered).groups('all')[0]?.name).toBe('waiting')
  })

  it('leaves out what is closed', () => {
    const one = incident()
    const queue = queueOf(one)
    queue.put({ ...one, state: 'closed' })
    expect(queue.groups('all')).toEqual([])
    expect(queue.size).toBe(0)
  })

  it('shows a test among the quiet lines, and on top once it is real', () => {
    const tried = incident({ mode: 'test' })
    const queue = queueOf(tried)
    expect(queue.groups('all')).toEqual([{ name: 'quiet', incidents: [tried] }])
    expect(queue.waiting()).toEqual([])
    const real = { ...tried, mode: 'real' as const, ring: 2 }
    queue.put(real)
    expect(queue.waiting()).toEqual([real])
  })

  it('puts a drill below whatever is real and waits or is mine, also one that I have taken or that is graver', () => {
    const mine = incident({ state: 'taken', taken_by: ME })
    const real = incident({ priority: 2 })
    const drills = [incident({ mode: 'drill', state: 'taken', taken_by: ME }), incident({ mode: 'drill', priority: 1 })]
    const queue = queueOf(...drills, real, mine)
    expect(queue.groups('all').map(({ name }) => name)).toEqual(['mine', 'waiting', 'drill'])
    expect(queue.waiting()).toEqual([real, drills[1]])
    for (const filter of ['waiting', 'mine'] as const) expect(queue.groups(filter).at(-1)!.name).toBe('drill')
  })

  it('stands with whom I have taken on top', () => {
    const waiting = [incident(), incident()]
    const mine = incident({ state: 'taken', taken_by: ME })
    const queue = queueOf(mine, ...waiting)
    expect(queue.groups('all')).toEqual([{ name: 'mine', incidents: [mine] }, { name: 'waiting', incidents: waiting }])
  })

  it('stands in the same order whatever comes, changes and goes, as if sorted anew', () => {
    let seed = 7
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
    const states = [
      { state: 'waiting', taken_by: null }, { state: 'taken', taken_by: ME }, { state: 'taken', taken_by: 2 }, { state: 'following', taken_by: 2 }, { state: 'closed' },
    ] as const
    const known = new Map<string, IncidentView>()
    const queue = new Queue(ME)
    for (let turn = 0; turn < 2_000; turn += 1) {
      const old = random(3) ? [...known.values()][random(known.size || 1)] : undefined
      const minute = String(random(60)).padStart(2, '0')
      const now = { ...(old ?? incident({ opened_at: `2026-11-22T04:${minute}:00Z`, priority: 1 + random(3) })), ...states[random(states.length)] }
      queue.put(now)
      if (now.state === 'closed') known.delete(now.id)
      else known.set(now.id, now)
    }
    const sorted = (keep: (each: IncidentView) => boolean) => [...known.values()].filter(keep).sort(byUrgency)
    expect(queue.waiting()).toEqual(sorted((each) => each.state === 'waiting'))
    expect(queue.group('mine')).toEqual(sorted((each) => each.taken_by === ME))
  })
})
