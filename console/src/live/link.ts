/** The connection to a server: hello, pulse, watchdog, backoff, and which server. Runs in the Worker; knows neither page nor stores. */
import { PROTOCOL, type ClientMessage, type PauseReason, type ServerMessage } from '@/api/wire'
import type { LineState } from '@/domain/line'

import { lineTo, Servers } from './servers'

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
  /** The address of the server that the page comes from. */
  home: string
  build: string
  message(message: ServerMessage): void
  /** `server`: the one that is spoken with, or asked. */
  state(state: LineState, server: string): void
}

const OPEN = 1
/** The server beats every 2 s: two missed and a bit more means that the line is dead. */
const SILENCE_MS = 5_000
const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 4_000
/** One that has not greeted by then is left for the next of several; when nobody greets, each is given more time. */
const GREETING_MS = 1_500

export class Link {
  private socket: Socket | null = null
  private retry: number | null = null
  private failures = 0
  private stopped = false
  private armed = false
  private pause: PauseReason | null = null
  private greeted = false
  private readonly servers: Servers
  private deadline: number | null = null
  /** The line to where we are sent, until it has greeted; the present one is kept so long. */
  private candidate: Socket | null = null
  private search: number | null = null
  private tried = 0
  private current: LineState = 'connecting'
  private reportedServer = ''
  /** Time of the last word from the server. */
  heardAt: number

  constructor(
    private readonly options: LinkOptions,
    private readonly port: LinkPort,
  ) {
    this.heardAt = port.now()
    this.servers = new Servers(options.home)
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
    this.socket = this.open(this.servers.current)
    this.listen(this.socket)
    if (!this.servers.several) return
    const patience = this.failures < this.servers.count ? GREETING_MS : SILENCE_MS
    this.deadline = this.port.later(() => this.greeted || this.fail(), patience)
  }

  private open(server: string): Socket {
    const socket = this.port.open(lineTo(server))
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL, build: this.options.build }))
    socket.onerror = () => undefined
    return socket
  }

  private listen(socket: Socket): void {
    socket.onclose = () => this.fail()
    socket.onmessage = (event) => this.receive(String(event.data))
  }

  private receive(data: string): void {
    this.heardAt = this.port.now()
    const message = JSON.parse(data) as ServerMessage
    if (message.type === 'hello') {
      this.failures = 0
      this.greeted = true
      const { servers = [] } = message
      this.servers.learn(servers)
      this.report('live')
      this.sayDuty()
    }
    if (message.type === 'going') this.goOn(message.servers)
    this.options.message(message)
  }

  /** The server sends us to another one. */
  private goOn(servers: readonly string[]): void {
    this.servers.learn(servers)
    this.servers.avoid(this.port.now())
    this.tried = 0
    this.dropCandidate()
    this.tryNext()
  }

  private tryNext(): void {
    const [server, ...others] = this.servers.elsewhere(this.port.now()).map((_, step, all) => all[(step + this.tried) % all.length]!)
    if (!server) return
    const socket = (this.candidate = this.open(server))
    const failed = () => {
      this.dropCandidate()
      this.tried += 1
      const wait = others.length >= this.tried ? 0 : this.wait(this.tried)
      this.search = this.port.later(() => this.tryNext(), wait)
    }
    socket.onclose = failed
    socket.onmessage = (event) => this.adopt(socket, server, String(event.data))
    this.search = this.port.later(failed, GREETING_MS)
  }

  /** It has greeted: from now on it is the line. */
  private adopt(socket: Socket, server: string, data: string): void {
    this.candidate = null
    this.drop()
    this.socket = socket
    this.listen(socket)
    this.servers.settle(server)
    this.receive(data)
  }

  private dropCandidate(): void {
    if (this.search !== null) this.port.cancel(this.search)
    this.search = null
    if (this.candidate) hangUp(this.candidate)
    this.candidate = null
  }

  private wait(failures: number): number {
    return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures) * (0.5 + this.port.random() / 2)
  }

  private fail(): void {
    this.drop()
    if (this.stopped) return
    this.report('down')
    // Each server is asked once before anybody waits longer.
    const wait = this.wait(Math.max(0, this.failures - this.servers.count + 1))
    this.failures += 1
    this.servers.next(this.port.now())
    this.retry = this.port.later(() => this.connect(), wait)
  }

  private drop(): void {
    if (this.retry !== null) this.port.cancel(this.retry)
    if (this.deadline !== null) this.port.cancel(this.deadline)
    this.retry = this.deadline = null
    this.greeted = false
    this.dropCandidate()
    const socket = this.socket
    this.socket = null
    if (socket) hangUp(socket)
  }

  private report(state: LineState): void {
    const server = this.servers.current
    if (state === this.current && server === this.reportedServer && state !== 'connecting') return
    this.current = state
    this.reportedServer = server
    this.options.state(state, server)
  }
}

function hangUp(socket: Socket): void {
  socket.onopen = socket.onclose = socket.onerror = socket.onmessage = null
  socket.close()
}
