import { describe, expect, it } from 'vitest'

import { incident } from '@/testing/views'

import { ringKey } from './incident'
import { decide, type Situation } from './sounding'

const ME = 1
const COLLEAGUE = 2

function seat(parts: Partial<Situation>): Situation {
  return { incidents: [], userId: ME, onDuty: true, linkLost: false, armed: new Set([ME, COLLEAGUE]), noticed: new Set(), ...parts }
}

describe('what a seat sounds', () => {
  it('is silent while nobody is on duty', () => {
    expect(decide(seat({ onDuty: false, incidents: [incident()] })).tone).toBeNull()
  })

  it('loops the alarm until somebody takes it', () => {
    const waiting = incident()
    expect(decide(seat({ incidents: [waiting] }))).toEqual({ tone: 'alarm', soft: false, rung: [{ incident_id: waiting.id, ring: 1 }] })
    expect(decide(seat({ incidents: [{ ...waiting, state: 'taken', taken_by: COLLEAGUE }] })).tone).toBeNull()
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

  it.each([
    ['nobody else is on duty', new Set([ME]), []],
    ['every colleague on duty speaks with somebody, too', new Set([ME, COLLEAGUE]), [incident({ state: 'taken', taken_by: COLLEAGUE })]],
  ])('is as loud as ever beside an own call while %s', (_, armed, others) => {
    const mine = incident({ state: 'taken', taken_by: ME })
    const decision = decide(seat({ incidents: [mine, incident(), ...others], armed, noticed: new Set([ringKey(mine)]) }))
    expect([decision.tone, decision.soft]).toEqual(['alarm', false])
  })

  it('sounds again at the taker when the person presses again, and only there', () => {
    const again = incident({ state: 'taken', taken_by: ME, ring: 2 })
    const noticed = new Set([`${again.id}:1`])
    expect(decide(seat({ incidents: [again], noticed }))).toEqual({ tone: 'rejoined', soft: false, rung: [{ incident_id: again.id, ring: 2 }] })
    expect(decide(seat({ incidents: [again], noticed, userId: COLLEAGUE })).tone).toBeNull()
  })

  it('puts a lost line above everything', () => {
    expect(decide(seat({ incidents: [incident()], linkLost: true })).tone).toBe('link')
  })

  it('calls softly when a colleague offers an incident', () => {
    const offered = incident({ state: 'taken', taken_by: COLLEAGUE, offered_to: ME })
    expect(decide(seat({ incidents: [offered] })).tone).toBe('offer')
  })
})
