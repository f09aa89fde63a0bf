import { describe, expect, it } from 'vitest'

import { entry, incident } from '@/testing/views'

import { needsReason } from './closing'

const one = incident()
const step = (kind: string, result: string) => entry(one, 2, { kind: 'step', data: { step: kind, result, contact_id: null, note: '' } })
const OUTCOMES = ['emergency', 'assistance', 'mistaken_press', 'false_alarm', 'technical', 'test', 'nobody_reached']

describe('an outcome needs a reason', () => {
  it('where it says what nobody has recorded', () => {
    expect(OUTCOMES.filter((outcome) => needsReason(outcome, []))).toEqual(['assistance', 'mistaken_press', 'false_alarm', 'nobody_reached'])
  })

  it('no longer once somebody was reached, but for "nobody reached"', () => {
    const spoken = [step('call_back', 'reached')]
    expect(OUTCOMES.filter((outcome) => needsReason(outcome, spoken))).toEqual(['nobody_reached'])
  })

  it('where calls were tried in vain, unless that is what it says', () => {
    const tried = [step('call_back', 'no_answer')]
    expect([needsReason('nobody_reached', tried), needsReason('mistaken_press', tried)]).toEqual([false, true])
  })
})
