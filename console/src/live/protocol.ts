/** What the page and its Worker say to each other. */
import type { ClientMessage, PauseReason, ServerMessage } from '@/api/wire'
import type { LineState } from '@/domain/line'


export type ToWorker =
  | { type: 'start'; home: string; build: string }
  | { type: 'send'; message: ClientMessage }
  | { type: 'duty'; armed: boolean; pause: PauseReason | null }
  | { type: 'kick' }
  /** The page runs; `sounds`: it can be heard, as far as it is to be. */
  | { type: 'here'; sounds: boolean }
  | { type: 'stop' }

export type FromWorker =
  /** `more`: a snapshot goes on in the next one. */
  | { type: 'message'; message: ServerMessage; more: boolean }
  | { type: 'state'; state: LineState; server: string }
  /** Each second: proof that the Worker runs, and for how long the server has said nothing. */
  | { type: 'tick'; silentMs: number }
