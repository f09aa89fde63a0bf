import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'

import type { ServerMessage } from '@/api/wire'
import { useConnection } from '@/stores/connection'
import { useIncidents } from '@/stores/incidents'
import { useSeats } from '@/stores/seats'
import { useSms } from '@/stores/sms'
import { beat, entry, incident } from '@/testing/views'

import { applyWall } from './applyWall'

beforeEach(() => setActivePinia(createPinia()))

it('shows what is open and keeps nothing of what was', () => {
  const incidents = useIncidents()
  for (let round = 0; round < 500; round++) {
    const one = incident()
    applyWall({ type: 'incidents', incidents: [one], entries: [entry(one, 1)] })
    applyWall({ type: 'proofs', proofs: [{ incident_id: one.id, ring: 1, proof: 'seen', user_id: 1, at: one.opened_at }] })
    applyWall({ type: 'sms', messages: [{ id: `${round}`, incident_id: one.id }] } as ServerMessage)
    applyWall({ type: 'incidents', incidents: [{ ...one, version: 2, state: 'closed' }], entries: [entry(one, 2)] })
  }
  expect(incidents.open).toEqual([])
  expect(incidents.byId.size).toBeLessThanOrEqual(20)
  expect([incidents.timelines.size, incidents.proofs.size, useSms().byIncident.size].every((size) => size <= 20)).toBe(true)
})

it('takes what the snapshot says in place of what it held', () => {
  const [gone, here] = [incident(), incident()]
  applyWall({ type: 'incidents', incidents: [gone], entries: [] })
  applyWall({ type: 'snapshot', incidents: [here], seats: [], silent_homes: [4], ages: null, announcements: [], accesses: [], tests_over: [], storms: [] })
  expect(useIncidents().open.map(({ id }) => id)).toEqual([here.id])
  expect(useSeats().silentHomes).toEqual([4])
})

it('hears that nothing can be stored', () => {
  applyWall(beat({ database: false }))
  expect(useConnection().database).toBe(false)
})
