/** Page side of the live connection: starts the Worker, hands its messages on, and watches the Worker itself. */
import type { ClientMessage, PauseReason, ServerMessage } from '@/api/wire'
import type { LineState } from '@/domain/line'

import type { FromWorker, ToWorker } from './protocol'

export interface LiveHandlers {
  /** `more`: this is the slice of a snapshot, and not its last. */
  message(message: ServerMessage, more: boolean): void
  /** `server`: the address of the one that is spoken with, or asked. */
  state(state: LineState, server: string): void
  /** For how long nothing has been heard of the server, each second. */
  silence(ms: number): void
  /** Whether this page can be heard, as far as it is to be. */
  sounds(): boolean
}

export interface Live {
  send(message: ClientMessage): void
  duty(armed: boolean, pause: PauseReason | null): void
  stop(): void
}

const WORKER_SILENCE_MS = 5_000

export function startLive(handlers: LiveHandlers): Live {
  const worker = new Worker(new URL('./link.worker.ts', import.meta.url), { type: 'module' })
  const tell = (message: ToWorker) => worker.postMessage(message)
  let heardAt = performance.now()

  worker.onmessage = (event: MessageEvent<FromWorker>) => {
    heardAt = performance.now()
    const said = event.data
    if (said.type === 'message') handlers.message(said.message, said.more)
    else if (said.type === 'state') handlers.state(said.state, said.server)
    else {
      tell({ type: 'here', sounds: handlers.sounds() })
      handlers.silence(said.silentMs)
    }
  }
  const watch = setInterval(() => {
    const quiet = performance.now() - heardAt
    if (quiet > WORKER_SILENCE_MS && document.visibilityState === 'visible') handlers.silence(quiet)
  }, 1_000)
  const kick = () => tell({ type: 'kick' })
  addEventListener('online', kick)
  document.addEventListener('visibilitychange', kick)
  tell({ type: 'start', home: location.origin, build: __BUILD__ })

  return {
    send: (message) => tell({ type: 'send', message }),
    duty: (armed, pause) => tell({ type: 'duty', armed, pause }),
    stop() {
      worker.onmessage = null // what is on its way was meant for whoever is leaving
      clearInterval(watch)
      removeEventListener('online', kick)
      document.removeEventListener('visibilitychange', kick)
      tell({ type: 'stop' })
    },
  }
}
