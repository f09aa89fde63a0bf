/** The connection to the server: hello, pulse, watchdog, backoff. Runs in the Worker; knows neither page nor stores. */
import { PROTOCOL, type ClientMessage, type PauseReason, type ServerMessage } from '@/api/wire'
import type { LineState } from '@/domain/line'

export interface LinkPort {
  open(url: string): Socket
  now(): number
  later(callback: () => void, ms: number): number
  cancel(timer: number): void
  random(): number
}

/** The part of WebSocket that is used here. */
export interface Socket {
  readyState: number
  onopen: (() => void) | null
  onclose: (() => void) | null
  onerror: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  send(data: string): void
  close(): void
}

export interface LinkOptions {
  url: string
  build: string
  message(message: ServerMessage): void
  state(state: LineState): void
}

const OPEN = 1
/** The server beats every 2 s: two missed and a bit more means that the line is dead. */
const SILENCE_MS = 5_000
const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 4_000

export class Link {
  private socket: Socket | null = null
  private retry: number | null = null
  private failures = 0
  private stopped = false
  private armed = false
  private pause: PauseReason | null = null
  private greeted = false
  private current: LineState = 'connecting'
  /** Time of the last word from the server. */
  heardAt: number

  constructor(
    private readonly options: LinkOptions,
    private readonly port: LinkPort,
  ) {
    this.heardAt = port.now()
  }

  start(): void {
    this.connect()
  }

  stop(): void {
    this.stopped = true
    this.drop()
  }

  /** The page knows better (online again, visible again): do not wait out the backoff. */
  kick(): void {
    if (this.stopped || this.socket) return
    this.failures = 0
    this.connect()
  }

  duty(armed: boolean, pause: PauseReason | null): void {
    this.armed = armed
    this.pause = pause
    this.sayDuty()
  }

  private sayDuty(): void {
    this.send({ type: 'duty', armed: this.armed, pause: this.pause })
  }

  /** False when there is no line; what is worth repeating is repeated by its sender after the next snapshot. */
  send(message: ClientMessage): boolean {
    if (!this.greeted || this.socket?.readyState !== OPEN) return false
    this.socket.send(JSON.stringify(message))
    return true
  }

  /** Called regularly: a line that says nothing is dead, whatever the socket believes. */
  check(): void {
    if (this.socket && this.port.now() - Math.max(this.heardAt, this.openedAt) > SILENCE_MS) this.fail()
  }

  private openedAt = 0

  private connect(): void {
    this.drop()
    this.openedAt = this.port.now()
    this.report('connecting')
    const socket = this.port.open(this.options.url)
    this.socket = socket
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL, build: this.options.build }))
    socket.onclose = () => this.fail()
    socket.onerror = () => undefined
    socket.onmessage = (event) => this.receive(String(event.data))
  }

  private receive(data: string): void {
    this.heardAt = this.port.now()
    const message = JSON.parse(data) as ServerMessage
    if (message.type === 'hello') {
      this.failures = 0
      this.greeted = true
      this.report('live')
      this.sayDuty()
    }
    this.options.message(message)
  }

  private fail(): void {
    this.drop()
    if (this.stopped) return
    this.report('down')
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures)
    this.failures += 1
    this.retry = this.port.later(() => this.connect(), wait * (0.5 + this.port.random() / 2))
  }

  private drop(): void {
    if (this.retry !== null) this.port.cancel(this.retry)
    this.retry = null
    this.greeted = false
    const socket = this.socket
    this.socket = null
    if (!socket) return
    socket.onopen = socket.onclose = socket.onerror = socket.onmessage = null
    socket.close()
  }

  private report(state: LineState): void {
    if (state === this.current && state !== 'connecting') return
    this.current = state
    this.options.state(state)
  }
}
