/** The telephone of everybody outside: the page registers at the exchange, rings the centre from any number, and is rung at any number. */
import { debug, UA, WebSocketInterface } from 'jssip'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { IncomingRequest } from 'jssip/lib/SIPMessage'
import type { RTCSessionEvent } from 'jssip/lib/UA'
import { onBeforeUnmount, ref, shallowRef } from 'vue'

import { heardOn, WAYS } from '@/audio/ways'

import type { ExchangeWay, OutsideCall } from './state'

interface Held extends OutsideCall {
  session: RTCSession
  remote: MediaStream
}

/** Nothing is said into it: one microphone in front of two telephones would howl. */
function silence(): MediaStream {
  return new AudioContext().createMediaStreamDestination().stream
}

export function useOutside() {
  const calls = shallowRef<readonly Held[]>([])
  const registered = ref(false)
  let ua: UA | null = null

  const put = (call: Held) => (calls.value = [...calls.value.filter((each) => each.id !== call.id), call])
  const drop = (id: string) => (calls.value = calls.value.filter((each) => each.id !== id))

  function follow(session: RTCSession, number: string, state: OutsideCall['state']): void {
    const call: Held = { id: session.id, number, state, session, remote: heardOn(session) }
    session.on('confirmed', () => put({ ...call, state: 'speaks' }))
    session.on('ended', () => drop(call.id))
    session.on('failed', () => drop(call.id))
    put(call)
  }

  function open(way: ExchangeWay): void {
    debug.disable()
    const { host } = new URL(way.url)
    ua = new UA({ sockets: [new WebSocketInterface(way.url)], uri: `sip:${way.name}@${host}`, password: way.password, session_timers: false, user_agent: 'demo' })
    ua.on('registered', () => (registered.value = true))
    ua.on('unregistered', () => (registered.value = false))
    ua.on('disconnected', () => (registered.value = false))
    ua.on('newRTCSession', ({ session, request, originator }: RTCSessionEvent) => {
      if ((originator as string) === 'remote') follow(session, (request as IncomingRequest).getHeader('X-Called') ?? '', 'rings')
    })
    ua.start()
  }

  function ring(line: string, from: string): void {
    if (!ua) return
    const session = ua.call(line, { mediaStream: silence(), pcConfig: WAYS, extraHeaders: [`X-Elder: ${from}`] })
    follow(session, from, 'calls')
  }

  const find = (id: string) => calls.value.find((each) => each.id === id)
  const answer = (id: string) => find(id)?.session.answer({ mediaStream: silence(), pcConfig: WAYS })
  const press = (id: string, digit: string) => find(id)?.session.sendDTMF(digit)
  function hangUp(id: string): void {
    const session = find(id)?.session
    if (session && !session.isEnded()) session.terminate()
  }

  onBeforeUnmount(() => ua?.stop())
  return { calls, registered, open, ring, answer, press, hangUp }
}
