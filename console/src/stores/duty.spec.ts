import { expect, it } from 'vitest'
import { watch } from 'vue'

import { eachInAFreshBrowser } from '@/testing/pages'
import { incident } from '@/testing/views'

import { useDuty } from './duty'
import { useIncidents } from './incidents'

eachInAFreshBrowser()

it('rings through a snapshot without a gap', () => {
  const [one, other] = [incident(), incident()]
  const [board, duty] = [useIncidents(), useDuty()]
  duty.onDuty = true
  board.applyUpserts([one, other], [])
  const tones = new Set([duty.decision.tone])
  watch(() => duty.decision.tone, (tone) => tones.add(tone), { flush: 'sync' })
  board.applySnapshot([{ ...one, number: 77, version: 1 }])
  expect([...tones]).toEqual(['alarm'])
  expect(duty.decision.rung).toEqual([{ incident_id: one.id, ring: 1 }])
})

it('does not ring again at whoever has noticed a later ring than the database knows', () => {
  const mine = incident({ state: 'taken', taken_by: 1, ring: 1 })
  const [board, duty] = [useIncidents(), useDuty()]
  duty.onDuty = true
  board.applyUpserts([{ ...mine, version: 4, ring: 3 }], [])
  expect(duty.decision.tone).toBeNull()
  board.applySnapshot([{ ...mine, ring: 2 }])
  expect(duty.decision.tone).toBeNull()
})
