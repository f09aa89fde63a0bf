import { describe, expect, it } from 'vitest'

import { incident } from '@/testing/views'

import { ringKey } from './incident'
import { decide, type Situation } from './sounding'

const ME = 1
const COLLEAGUE = 2

function seat(parts: Partial<Situation>): Situation {
  return { incidents: [], userId: ME, onDuty: true, linkLost: false, paused: false, seats: [sits(ME), sits(COLLEAGUE)], noticed: new Set(), ...parts }
}

const sits = (user_id: number, region_ids = [1], armed = true, state: Situation['seats'][number]['state'] = 'ready') => ({ user_id, armed, region_ids, state })

describe('what a seat sounds', () => {
  it('is silent while nobody is on duty', () => {
    expect(decide(seat({ onDuty: false, incidents: [incident()] })).tone).toBeNull()
  })

  it('loops the alarm until somebody takes it', () => {
    const waiting = incident()
    expect(decide(seat({ incidents: [waiting] }))).toEqual({ tone: 'alarm', soft: false, rung: [{ incident_id: waiting.id, ring: 1 }] })
    expect(decide(seat({ incidents: [{ ...waiting, state: 'taken', taken_by: COLLEAGUE }] })).tone).toBeNull()
  })

  it('sounds the test alarm of the site as an alarm, and never beside one that is real', () => {
    const called = { way: 'trial', phone: null, caller: null, place: null, contact_id: null, user_id: 9, user: '魏来' }
    const trial = incident({ mode: 'test', card: { ...incident().card, called } })
    const real = incident()
    expect(decide(seat({ incidents: [trial] }))).toEqual({ tone: 'alarm', soft: false, rung: [{ incident_id: trial.id, ring: 1 }] })
    expect(decide(seat({ incidents: [trial, real] })).rung).toEqual([{ incident_id: real.id, ring: 1 }])
    expect(decide(seat({ incidents: [incident({ mode: 'test' })] })).tone).toBeNull()
  })

  it('loops softly for a request that is late, and for nothing else of a request', () => {
    const request = incident({ signal_class: 'service', kind: 'help', priority: 3, marks: ['request_due'] })
    const late = { ...request, marks: ['request_due', 'request_late'] }
    expect(decide(seat({ incidents: [request] })).tone).toBeNull()
    expect(decide(seat({ incidents: [late] }))).toEqual({ tone: 'request', soft: false, rung: [] })
    expect(decide(seat({ incidents: [late, incident()] })).tone).toBe('alarm')
    expect(decide(seat({ incidents: [late], paused: true })).tone).toBeNull()
    expect(decide(seat({ incidents: [{ ...late, mode: 'test' }] })).tone).toBeNull()
    for (const taken_by of [ME, COLLEAGUE]) expect(decide(seat({ incidents: [{ ...late, state: 'taken', taken_by }] })).tone).toBeNull()
    const [busy, noticed] = [incident({ state: 'taken', taken_by: ME }), new Set<string>()]
    noticed.add(ringKey(busy))
    expect(decide(seat({ incidents: [late, busy], noticed })).tone).toBeNull()
  })

  it('keeps quiet about a test, and rings when it becomes real', () => {
    const tried = incident({ mode: 'test' })
    expect(decide(seat({ incidents: [tried, incident({ mode: 'test', state: 'taken', taken_by: ME, ring: 2 })] })).tone).toBeNull()
    expect(decide(seat({ incidents: [{ ...tried, mode: 'real', ring: 2 }] })).tone).toBe('alarm')
  })

  it('rings for a drill, and for the real one alone as soon as one calls', () => {
    const drill = incident({ mode: 'drill' })
    expect(decide(seat({ incidents: [drill] })).rung).toEqual([{ incident_id: drill.id, ring: 1 }])
    const real = incident()
    expect(decide(seat({ incidents: [drill, real] }))).toEqual({ tone: 'alarm', soft: false, rung: [{ incident_id: real.id, ring: 1 }] })
    const again = incident({ mode: 'drill', state: 'taken', taken_by: ME, ring: 2 })
    expect(decide(seat({ incidents: [again, real] })).tone).toBe('alarm')
    expect(decide(seat({ incidents: [again] })).tone).toBe('rejoined')
  })

  it('keeps quiet about the green key and about technical lines', () => {
    const quiet = [incident({ signal_class: 'service', kind: 'help' }), incident({ signal_class: 'technical', kind: 'low_battery' })]
    expect(decide(seat({ incidents: quiet })).tone).toBeNull()
  })

  it('is softer while the operator speaks with somebody, and reports it as sounding all the same', () => {
    const mine = incident({ state: 'taken', taken_by: ME })
    const decision = decide(seat({ incidents: [mine, incident()], noticed: new Set([ringKey(mine)]) }))
    expect(decision.tone).toBe('alarm')
    expect(decision.soft).toBe(true)
    expect(decision.rung).toHaveLength(1)
  })

  it('is softer where a colleague hears it from a region above', () => {
    const mine = incident({ state: 'taken', taken_by: ME })
    const below = incident({ region_id: 3, region_path: [1, 2, 3] })
    expect(decide(seat({ incidents: [mine, below], seats: [sits(COLLEAGUE, [2])], noticed: new Set([ringKey(mine)]) })).soft).toBe(true)
  })

  it.each([
    ['nobody else is there', [sits(ME)], []],
    ['the colleague is not on duty', [sits(ME), sits(COLLEAGUE, [1], false)], []],
    ['every colleague on duty speaks with somebody, too', [sits(ME), sits(COLLEAGUE)], [incident({ state: 'taken', taken_by: COLLEAGUE })]],
    ['the colleague on duty hears nothing of this region', [sits(ME), sits(COLLEAGUE, [7])], []],
    ['one of two alarms rings for nobody else', [sits(ME), sits(COLLEAGUE, [7])], [incident({ region_path: [1, 7] })]],
    ['the colleague has a pause', [sits(ME), sits(COLLEAGUE, [1], true, 'pause')], []],
    ['one was offered to this seat alone', [sits(ME), sits(COLLEAGUE)], [incident({ ring_to: [ME] })]],
    ['the colleague sees no region at all', [sits(ME), sits(COLLEAGUE, [])], []],
  ])('is as loud as ever beside an own call while %s', (_, seats, others) => {
    const mine = incident({ state: 'taken', taken_by: ME })
    const decision = decide(seat({ incidents: [mine, incident(), ...others], seats, noticed: new Set([ringKey(mine)]) }))
    expect([decision.tone, decision.soft]).toEqual(['alarm', false])
  })

  it('sounds again at the taker when the person presses again, and only there', () => {
    const again = incident({ state: 'taken', taken_by: ME, ring: 2 })
    const noticed = new Set([`${again.id}:1`])
    expect(decide(seat({ incidents: [again], noticed }))).toEqual({ tone: 'rejoined', soft: false, rung: [{ incident_id: again.id, ring: 2 }] })
    expect(decide(seat({ incidents: [again], noticed, userId: COLLEAGUE })).tone).toBeNull()
  })

  it('sounds what was offered to it, and what was offered to nobody in particular', () => {
    const [mine, theirs, everybodys] = [incident({ ring_to: [ME] }), incident({ ring_to: [COLLEAGUE] }), incident()]
    const rung = decide(seat({ incidents: [mine, theirs, everybodys] })).rung.map((each) => each.incident_id)
    expect(rung).toEqual([mine.id, everybodys.id])
    expect(decide(seat({ incidents: [theirs] })).tone).toBeNull()
  })

  it.each([
    ['a colleague is there', [sits(ME), sits(COLLEAGUE)], {}, null],
    ['nobody else is there', [sits(ME)], {}, 'alarm'],
    ['the colleague has a pause, too', [sits(ME), sits(COLLEAGUE, [1], true, 'pause')], {}, 'alarm'],
    ['the colleague does not see this region', [sits(ME), sits(COLLEAGUE, [7])], {}, 'alarm'],
    ['the colleague is not on duty', [sits(ME), sits(COLLEAGUE, [1], false, 'off')], {}, 'alarm'],
    ['nobody has taken it so that others are called', [sits(ME), sits(COLLEAGUE)], { escalated: 1 }, 'alarm'],
    ['it was offered to this seat before', [sits(ME), sits(COLLEAGUE)], { ring_to: [ME] }, 'alarm'],
  ])('in a pause while %s', (_, seats, parts, tone) => {
    expect(decide(seat({ paused: true, seats, incidents: [incident(parts)] })).tone).toBe(tone)
  })

  it('puts a lost line above everything', () => {
    expect(decide(seat({ incidents: [incident()], linkLost: true })).tone).toBe('link')
  })

  it('calls softly when a colleague offers an incident', () => {
    const offered = incident({ state: 'taken', taken_by: COLLEAGUE, offered_to: ME })
    expect(decide(seat({ incidents: [offered] })).tone).toBe('offer')
  })
})
