/** What the device process tells the page over `/demo/live`: always the whole state. */

import type { components } from '@/api/schema.gen'

export type DeviceKind = components['schemas']['DeviceKind']
export type DeviceState = 'idle' | 'sending' | 'received' | 'taken'
export type DeviceKey = 'red' | 'green' | 'cancel' | 'fall' | 'smoke' | 'battery' | 'test'

export interface Device {
  identifier: string
  source: string
  kind: DeviceKind
  resident: string
  resident_latin: string
  home: string
  home_en: string
  state: DeviceState
  /** How often the unacknowledged press has been sent. */
  attempt: number
  pressed_at: string | null
  received_ms: number | null
  text: string | null
  /** The number it rings from; empty: it cannot ring. */
  phone: string
}

export interface PhoneMessage {
  id: string
  kind: string | null
  text: string
  language: string
  at: string
  /** `out`: from the centre to this phone; `in`: the answer. */
  direction: 'out' | 'in'
  state: string | null
  /** Of a text about a task: its kind. */
  task?: string
}

export interface Phone {
  number: string
  owner: string
  owner_latin: string
  relation: string
  relation_en: string
  resident: string
  /** Of staff: what they are. Nobody else has one. */
  kinds?: string[]
  /** Of those whom the script is about: where it stands among them, from 1. */
  place?: number | null
  messages: PhoneMessage[]
}

export interface Acknowledgement {
  /** Number of the incident, as spoken. */
  number: number
  identifier: string | null
  stored_ms: number | null
  seen_ms: number | null
  sounding_ms: number | null
  taken_ms: number | null
}

interface Outside {
  lines: Record<'red' | 'green' | 'hotline', string>
  stands_for_120: string
}

/** How the page becomes a telephone. */
export interface ExchangeWay extends Outside {
  simulated?: false
  url: string
  name: string
  password: string
}

export interface OutsideCall {
  id: string
  /** Whose telephone it is, as E.164; the number that stands for 120. */
  number: string
  /** `rings`: the centre rings them; `calls`: they have rung and nobody has answered; `speaks`. */
  state: 'rings' | 'calls' | 'speaks'
}

/** An exchange in the memory of the server, without sound: it knows the calls. */
export interface SimulatedWay extends Outside {
  simulated: true
  there: boolean
  calls: OutsideCall[]
}

export type TelephoneWay = ExchangeWay | SimulatedWay

export interface DemoState {
  server: 'up' | 'down'
  console_url: string
  devices: Device[]
  phones: Phone[]
  acks: Acknowledgement[]
  /** Consoles with somebody logged in, and those of them on duty. */
  seats: { connected: number; armed: number }
  /** When the mains of the community have failed last. */
  power_cut_at: string | null
  /** The site's, in which its texts tell the time. */
  timezone: string
  /** null: there is no exchange here, and nothing can be rung. */
  telephone: TelephoneWay | null
}

export const NOTHING_YET: DemoState = { server: 'down', console_url: '', devices: [], phones: [], acks: [], seats: { connected: 0, armed: 0 }, power_cut_at: null, timezone: 'UTC', telephone: null }

/** A state as received; what is missing is empty, so that a page of another build still shows the rest. */
export function readState(text: string): DemoState | null {
  const said: unknown = JSON.parse(text)
  if (typeof said !== 'object' || said === null || !('server' in said)) return null
  return { ...NOTHING_YET, ...(said as Partial<DemoState>) }
}
