/** The socket lives in a dedicated Worker: a hidden page's timers drop to one a minute, a Worker's do not. */
import { Link } from './link'
import type { FromWorker, ToWorker } from './protocol'
import { slicesOf } from './slices'

const TICK_MS = 1_000
const PULSE_EVERY_TICKS = 2
/** A page that does not answer for so long hangs; its seat must then count as unmanned. */
const PAGE_SILENCE_MS = 4_000

const scope = self as unknown as DedicatedWorkerGlobalScope
const say = (message: FromWorker) => scope.postMessage(message)

let link: Link | null = null
let sounds = true
let pageHeardAt = performance.now()
let ticks = 0

function tick(): void {
  ticks += 1
  link?.check()
  say({ type: 'tick', silentMs: link ? performance.now() - link.heardAt : 0 })
  const pageRuns = performance.now() - pageHeardAt < PAGE_SILENCE_MS
  if (ticks % PULSE_EVERY_TICKS === 0 && pageRuns) link?.send({ type: 'pulse', sounds })
}

function start(home: string, build: string): void {
  link = new Link(
    {
      home,
      build,
      message: (message) => slicesOf(message).forEach((slice) => say({ type: 'message', ...slice })),
      state: (state, server) => say({ type: 'state', state, server }),
    },
    {
      open: (address) => new WebSocket(address) as unknown as ReturnType<ConstructorParameters<typeof Link>[1]['open']>,
      now: () => performance.now(),
      later: (callback, ms) => setTimeout(callback, ms) as unknown as number,
      cancel: (timer) => clearTimeout(timer),
      random: () => Math.random(),
    },
  )
  link.start()
  setInterval(tick, TICK_MS)
}

scope.onmessage = (event: MessageEvent<ToWorker>) => {
  const said = event.data
  pageHeardAt = performance.now()
  if (said.type === 'start') start(said.home, said.build)
  else if (said.type === 'send') link?.send(said.message)
  else if (said.type === 'duty') link?.duty(said.armed, said.pause)
  else if (said.type === 'here') sounds = said.sounds
  else if (said.type === 'kick') link?.kick()
  else if (said.type === 'stop') {
    link?.stop()
    scope.close()
  }
}
