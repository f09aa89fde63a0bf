import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'

import type { ServerMessage } from '@/api/wire'
import { useCalls } from '@/stores/calls'
import { useConnection } from '@/stores/connection'
import { useIncidents } from '@/stores/incidents'
import { useSeats } from '@/stores/seats'
import { useSms } from '@/stores/sms'
import { call } from '@/testing/calls'
import { beat, incident } from '@/testing/views'

import { apply } from './apply'

const hello = (build: string, protocol = 1): ServerMessage => ({ type: 'hello', protocol, build, seat_id: 's', user_id: 1, servers: [], now: new Date().toISOString() })

describe('messages of the server', () => {
  beforeEach(() => setActivePinia(createPinia()))

  it('fills board and colleagues from a snapshot', () => {
    const seat = { user_id: 1, name: '陈立言', name_en: 'Chen Liyan', armed: true, region_ids: [1], state: 'ready' as const, pause: null, since: null }
    apply({ type: 'snapshot', incidents: [incident()], seats: [seat], silent_homes: [6], ages: null, announcements: [], accesses: [], tests_over: [], storms: [] })
    expect(useIncidents().open).toHaveLength(1)
    expect(useSeats().seats).toEqual([seat])
    expect(useSeats().silentHomes).toEqual([6])
  })

  it('replaces a text by its newer version only', () => {
    const message = {
      id: 'sms', version: 2, incident_id: 'i', contact_id: 1, contact_name: '周晓梅', relation: '女儿', relation_en: 'daughter', recipient: '139****0228',
      kind: 'alarm_raised', state: 'delivered', created_at: '2026-11-22T04:12:00Z', submitted_at: null, settled_at: null, error: null,
    }
    apply({ type: 'sms', messages: [message] })
    apply({ type: 'sms', messages: [{ ...message, version: 1, state: 'queued' }] })
    expect(useSms().of('i').map((each) => each.state)).toEqual(['delivered'])
  })

  it('says when the server cannot store', () => {
    apply(beat({ database: false }))
    expect(useConnection().database).toBe(false)
  })

  it('asks for a reload when another build or protocol is served than before', () => {
    apply(hello('one'))
    expect(useConnection().mustReload).toBe(false)
    apply(hello('two'))
    expect(useConnection().mustReload).toBe(true)
  })

  it('asks for a reload when the server speaks another protocol', () => {
    apply(hello('one', 2))
    expect(useConnection().mustReload).toBe(true)
  })

  it('takes the time from the server', () => {
    const ahead = 90_000
    apply(beat({ now: new Date(Date.now() + ahead).toISOString() }))
    expect(Math.abs(useConnection().clockOffset - ahead)).toBeLessThan(1_000)
  })

  it('fills the calls that stand', () => {
    apply({ type: 'calls', calls: [call({ id: 'a' })], exchange: true, whole: true })
    expect([...useCalls().byId.keys()]).toEqual(['a'])
  })

  it('ignores what it does not know', () => {
    expect(() => apply({ type: 'tomorrow' } as unknown as ServerMessage)).not.toThrow()
  })
})
