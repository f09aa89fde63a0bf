/** What the telephone of this seat is like, and what it does next. Pure. */
import type { PhoneKind } from '@/api/telephone'

/** The way to the exchange and the registration at it. */
export type LineState = 'off' | 'asking' | 'registering' | 'registered' | 'lost'
export type Microphone = 'untried' | 'there' | 'refused' | 'missing'

export interface Situation {
  /** Null: nobody has asked yet. */
  kind: PhoneKind | null
  /** The server has told of calls: this site has telephony. */
  told: boolean
  /** As the server said last. */
  exchange: boolean
  onDuty: boolean
  /** Of several tabs the one that sounds has the telephone. */
  owner: boolean
  line: LineState
  microphone: Microphone
}

export type Shown = 'absent' | 'none' | 'no_exchange' | 'off_duty' | 'elsewhere' | 'refused' | 'missing' | 'desk' | 'simulated' | 'connecting' | 'lost' | 'registered'

/** One word for it, the worst first: nobody may take a telephone that cannot ring, or be heard, for one that can. */
export function shownOf({ kind, told, exchange, onDuty, owner, line, microphone }: Situation): Shown {
  if (!told) return 'absent'
  if (!exchange) return 'no_exchange'
  if (!onDuty) return 'off_duty'
  if (kind === 'none' || kind === 'desk' || kind === 'simulated') return kind
  if (!owner) return 'elsewhere'
  if (microphone === 'refused' || microphone === 'missing') return microphone
  if (line === 'registered') return 'registered'
  return line === 'lost' ? 'lost' : 'connecting'
}

const USABLE: ReadonlySet<Shown> = new Set(['registered', 'desk', 'simulated'])
const BAD: ReadonlySet<Shown> = new Set(['no_exchange', 'refused', 'missing', 'lost', 'none'])

/** Calls can be taken and made here. A page that belongs to another tab of this browser takes them there. */
export const isUsable = (shown: Shown) => USABLE.has(shown)
export const isBad = (shown: Shown) => BAD.has(shown)

/** Whether the page itself is to be a telephone now. */
export const wantsLine = ({ kind, onDuty, owner }: Pick<Situation, 'kind' | 'onDuty' | 'owner'>) => kind === 'page' && onDuty && owner

const FIRST_MS = 1_000
const LONGEST_MS = 15_000

/** How long to wait before another try, after so many that failed. */
export const againIn = (failures: number) => Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 4))

/** A telephone that rings is answered by itself where this user has asked for that call, and rings where a colleague asks for them. */
export type Answer = 'at_once' | 'ring' | 'wait'

/** `asked`: this seat has just taken or dialled something, and what it was has not been told yet. `expected` as the calls that stand have it. */
export function answerOf(expected: { byItself: boolean } | null, asked: boolean): Answer {
  if (expected) return expected.byItself ? 'at_once' : 'ring'
  return asked ? 'at_once' : 'wait'
}

/** What the browser says of a microphone that it does not give. */
export function microphoneOf(error: unknown): Microphone {
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'refused' : 'missing'
}
