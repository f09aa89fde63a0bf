/** The page as a telephone: registers at the exchange over our own server and answers. With JsSIP a chunk of its own, loaded where it is wanted. */
import { debug, UA, WebSocketInterface } from 'jssip'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { IncomingRequest } from 'jssip/lib/SIPMessage'
import type { RTCSessionEvent } from 'jssip/lib/UA'

import { heardOn, WAYS } from '@/audio/ways'

import type { Line, LineEvents, Ringing, Way } from './line'

const SECOND_S = 1
const LONGEST_WAIT_S = 4
/** Timers of a hidden page are late by up to a minute. */
const REGISTERED_FOR_S = 600
const DECLINED = 603
const NOT_HERE = 480

export function open(way: Way, on: LineEvents): Line {
  debug.disable()
  const ua = new UA({
    sockets: [new WebSocketInterface(way.url)],
    uri: `sip:${way.name}@${way.host}`,
    password: way.password,
    ...(way.realm ? { realm: way.realm } : {}),
    register_expires: REGISTERED_FOR_S,
    session_timers: false,
    connection_recovery_min_interval: SECOND_S,
    connection_recovery_max_interval: LONGEST_WAIT_S,
    user_agent: 'callcenter console',
  })
  ua.on('registered', () => on.registered())
  ua.on('unregistered', () => on.lost('unregistered'))
  ua.on('registrationFailed', ({ cause }) => on.refused(String(cause ?? '')))
  ua.on('disconnected', ({ reason }) => on.lost(reason ?? ''))
  ua.on('newRTCSession', ({ session, request, originator }: RTCSessionEvent) => {
    if ((originator as string) === 'remote') on.rings(ringing(session, request as IncomingRequest))
  })
  ua.start()
  return { stop: () => ua.stop() }
}

function ringing(session: RTCSession, request: IncomingRequest): Ringing {
  return {
    call: request.getHeader('X-Call') ?? '',
    number: request.from.uri.user ?? '',
    remote: heardOn(session),
    answer: (mediaStream) => session.answer({ mediaStream, pcConfig: WAYS }),
    refuse: (why) => session.isEnded() || session.terminate({ status_code: why === 'declined' ? DECLINED : NOT_HERE }),
    hangUp: () => void (session.isEnded() || session.terminate()),
    connection: () => session.connection ?? null,
    when(confirmed, over) {
      session.on('confirmed', confirmed)
      session.on('ended', over)
      session.on('failed', over)
    },
  }
}
