/** What the telephone of the page asks of a line to the exchange, whoever makes it. */

export interface Way {
  url: string
  host: string
  name: string
  password: string
  realm: string
}

/** A call that arrives at this telephone. */
export interface Ringing {
  /** The exchange's name of the call. */
  call: string
  number: string
  /** What is heard. */
  remote: MediaStream
  answer(microphone: MediaStream): void
  refuse(why: 'declined' | 'not_here'): void
  hangUp(): void
  connection(): RTCPeerConnection | null
  /** `over`: ended, refused, given up by whoever rang. */
  when(confirmed: () => void, over: () => void): void
}

export interface LineEvents {
  registered(): void
  /** The way is gone; it connects anew by itself. What is spoken goes on. */
  lost(why: string): void
  /** The exchange does not know this telephone, or no more. */
  refused(why: string): void
  rings(ringing: Ringing): void
}

export interface Line {
  stop(): void
}

export type OpenLine = (way: Way, on: LineEvents) => Line | Promise<Line>

export const openBySip: OpenLine = async (way, on) => (await import('./sip')).open(way, on)
