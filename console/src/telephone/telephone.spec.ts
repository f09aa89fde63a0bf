import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { CallShown } from '@/api/telephone'
import { useCalls } from '@/stores/calls'
import { useConnection } from '@/stores/connection'
import { call, Exchange, leg } from '@/testing/calls'
import { eachInAFreshBrowser, me, refusal, remember, type Sent } from '@/testing/pages'

import { useLine, useTelephone } from './telephone'

const ADMISSION = { exchange: true, name: 'seat-1', password: 'secret', realm: '', way: '/ws/v1/voice', kind: 'page', desk: '', desk_phones: [] }
eachInAFreshBrowser({ actions: [...me().actions, 'answer_calls'] }, { frozen: true })

/** What the browser would play is not played here. */
class SilentAudio {
  srcObject: unknown = null
  volume = 1
  play = () => Promise.resolve()
  pause = () => undefined
}

let exchange: Exchange
let sent: Sent[]
const track = { enabled: true, stop: vi.fn() }
const stream = { getTracks: () => [track], getAudioTracks: () => [track] }
let microphone: () => Promise<unknown>

const tell = (calls: CallShown[], whole = false, there = true) => useCalls().apply({ type: 'calls', calls, exchange: there, whole })
const taken = (id: string) => call({ id, version: 2, state: 'connecting', taken_by: 1, legs: [leg({ role: 'caller', is_up: true }), leg({ role: 'operator', user_id: 1 })] })

beforeEach(() => {
  exchange = new Exchange()
  useLine(exchange.open)
  track.enabled = true
  microphone = () => Promise.resolve(stream)
  vi.stubGlobal('Audio', SilentAudio)
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => microphone() } })
  sent = remember({ 'GET /telephone': ADMISSION, 'POST /telephone/calls': { id: 'out' } })
})

async function registered() {
  const telephone = useTelephone()
  telephone.wished = true
  tell([], true)
  await vi.advanceTimersByTimeAsync(0)
  await flushPromises()
  exchange.events!.registered()
  return telephone
}

describe('the telephone of a seat', () => {
  it('is absent until the server tells of calls', async () => {
    const telephone = useTelephone()
    telephone.wished = true
    await flushPromises()
    expect([telephone.shown, exchange.ways]).toEqual(['absent', []])
  })

  it('registers over the way of its own server, once it is on duty', async () => {
    const telephone = useTelephone()
    tell([], true)
    await flushPromises()
    expect(telephone.shown).toBe('off_duty')
    await registered()
    expect(telephone.shown).toBe('registered')
    expect(exchange.ways).toMatchObject([{ url: `${location.origin.replace('http', 'ws')}/ws/v1/voice`, name: 'seat-1', password: 'secret' }])
  })

  it('is none where the microphone is refused, and is one as soon as it is allowed', async () => {
    microphone = () => Promise.reject(new DOMException('', 'NotAllowedError'))
    const telephone = await registered()
    expect([telephone.shown, telephone.usable]).toEqual(['refused', false])
    microphone = () => Promise.resolve(stream)
    await telephone.tryMicrophone()
    expect([telephone.shown, telephone.usable]).toEqual(['registered', true])
  })

  it('asks for a new way when the exchange does not know it any more', async () => {
    const telephone = await registered()
    exchange.events!.refused('403')
    expect(telephone.shown).toBe('lost')
    await vi.advanceTimersByTimeAsync(1_100)
    expect(exchange.ways).toHaveLength(2)
    exchange.events!.registered()
    expect(telephone.shown).toBe('registered')
  })

  it('says that it is lost, and waits for the way to come back before it asks for another', async () => {
    const telephone = await registered()
    exchange.events!.lost('')
    expect(telephone.shown).toBe('lost')
    await vi.advanceTimersByTimeAsync(3_000)
    exchange.events!.registered()
    await vi.advanceTimersByTimeAsync(20_000)
    expect([telephone.shown, exchange.ways.length]).toEqual(['registered', 1])
  })

  it('keeps what is spoken while the way is lost, and asks for a new one only when it is over', async () => {
    const telephone = await registered()
    tell([taken('a')])
    const handset = exchange.rings()
    await flushPromises()
    exchange.events!.lost('')
    await vi.advanceTimersByTimeAsync(30_000)
    expect([telephone.talks.length, exchange.ways.length, handset.did]).toEqual([1, 1, ['answered']])
    handset.end()
    await vi.advanceTimersByTimeAsync(7_000)
    expect(exchange.ways).toHaveLength(2)
  })

  it('says that the exchange is away, and registers anew when it is back', async () => {
    const telephone = await registered()
    exchange.events!.lost('')
    tell([], false, false)
    expect([telephone.shown, telephone.usable]).toEqual(['no_exchange', false])
    tell([], false, true)
    await vi.advanceTimersByTimeAsync(10)
    expect(exchange.ways).toHaveLength(2)
  })

  it('and a talk outlast a server that has lost the exchange for a moment', async () => {
    const telephone = await registered()
    tell([taken('a')])
    const handset = exchange.rings()
    await flushPromises()
    tell([], false, false)
    tell([], false, true)
    useConnection().server = 'http://other:8000'
    await vi.advanceTimersByTimeAsync(30_000)
    expect([telephone.talks.length, exchange.ways.length, handset.did]).toEqual([1, 1, ['answered']])
  })

  it('is given up with the duty', async () => {
    const telephone = await registered()
    telephone.wished = false
    await flushPromises()
    expect([telephone.shown, exchange.stopped.length]).toEqual(['off_duty', 1])
  })
})

it('is kept by who goes off duty while they speak, until they have spoken', async () => {
  const telephone = await registered()
  tell([taken('a')])
  const handset = exchange.rings()
  await flushPromises()
  telephone.wished = false
  await flushPromises()
  expect([handset.did, exchange.stopped.length]).toEqual([['answered'], 0])
  handset.end()
  await flushPromises()
  expect(exchange.stopped).toHaveLength(1)
})

describe('a call that arrives at it', () => {
  it('is answered by itself when this user has taken it', async () => {
    const telephone = await registered()
    tell([taken('a')])
    const handset = exchange.rings()
    await flushPromises()
    expect([handset.did, telephone.talks.length, telephone.ringing]).toEqual([['answered'], 1, null])
  })

  it('is answered also when it rings before the news of it', async () => {
    const telephone = await registered()
    const ringing = call({ id: 'a' })
    tell([ringing])
    await telephone.take(ringing)
    const handset = exchange.rings()
    await flushPromises()
    expect(sent.map(({ path }) => path)).toEqual(['POST /telephone/calls/a/take'])
    expect(handset.did).toEqual(['answered'])
  })

  it('rings, and is answered as soon as the news says that it is what was asked for', async () => {
    await registered()
    const handset = exchange.rings()
    await flushPromises()
    expect(handset.did).toEqual([])
    tell([taken('a')])
    await flushPromises()
    expect(handset.did).toEqual(['answered'])
  })

  it('rings where a colleague asks, and waits for a hand', async () => {
    const telephone = await registered()
    tell([call({ id: 'hers', state: 'held', taken_by: 2, legs: [leg({ role: 'colleague', user_id: 1 })] })])
    const handset = exchange.rings()
    await flushPromises()
    expect(handset.did).toEqual([])
    await telephone.answer()
    expect(handset.did).toEqual(['answered'])
  })

  it('is refused at once without a microphone: whoever rings goes back to the others', async () => {
    const telephone = await registered()
    microphone = () => Promise.reject(new DOMException('', 'NotFoundError'))
    tell([taken('a')])
    const handset = exchange.rings()
    await flushPromises()
    expect([handset.did, telephone.microphone, telephone.talks.length]).toEqual([['refused not_here'], 'missing', 0])
  })

  it('is heard no more while muted, and the next one is', async () => {
    const telephone = await registered()
    tell([taken('a')])
    const handset = exchange.rings()
    await flushPromises()
    telephone.setMuted(true)
    expect(track.enabled).toBe(false)
    handset.end()
    expect([telephone.muted, track.stop.mock.calls.length > 0]).toEqual([false, true])
  })

  it('is hung up here when nothing stands at the server any more', async () => {
    const telephone = await registered()
    useConnection().state = 'live'
    tell([taken('a')])
    const handset = exchange.rings()
    await flushPromises()
    tell([], true)
    await vi.advanceTimersByTimeAsync(4_000)
    expect(handset.did).toEqual(['answered'])
    await vi.advanceTimersByTimeAsync(2_000)
    expect([handset.did, telephone.talks.length]).toEqual([['answered', 'hung up'], 0])
  })
})

describe('what is done with calls', () => {
  it('puts whoever is spoken with on hold before the next is taken', async () => {
    const telephone = await registered()
    const next = call({ id: 'next', kind: 'red' })
    tell([{ ...taken('mine'), state: 'talking' }, next])
    expect(await telephone.take(next)).toBe(true)
    expect(sent.map(({ path }) => path)).toEqual(['POST /telephone/calls/mine/hold', 'POST /telephone/calls/next/take'])
  })

  it('says why not, when a colleague was faster', async () => {
    sent = remember({ 'GET /telephone': ADMISSION, 'POST /telephone/calls/a/take': refusal(409, 'taken') })
    const telephone = await registered()
    const ringing = call({ id: 'a' })
    tell([ringing])
    expect(await telephone.take(ringing)).toBe(false)
    expect(telephone.error).toMatchObject({ code: 'taken' })
    const handset = exchange.rings()
    await flushPromises()
    expect(handset.did).toEqual([]) // it is not what was asked for
  })

  it('rings a number for an incident, and knows what came of it', async () => {
    const telephone = await registered()
    await telephone.dial('+8613900000001', { incidentId: 'i', step: 'contact_called', contactId: 4, name: '沈岚' })
    expect(sent).toEqual([{ path: 'POST /telephone/calls', body: { number: '+8613900000001', incident_id: 'i' } }])
    const out = call({ id: 'out', direction: 'out', state: 'connecting', taken_by: 1, legs: [leg({ role: 'operator', user_id: 1, is_up: true })] })
    tell([out])
    tell([{ ...out, version: 2, state: 'ended', cause: 17, legs: [] }])
    expect(telephone.outcomes).toMatchObject([{ result: 'busy', purpose: { contactId: 4 } }])
  })
})
