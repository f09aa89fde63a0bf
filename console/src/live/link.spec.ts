import { describe, expect, it } from 'vitest'

import type { LineState } from '@/domain/line'

import { Link, type LinkPort, type Socket } from './link'

/** A world in which the test moves the clock and plays the server. */
class World implements LinkPort {
  time = 0
  sockets: Plug[] = []
  timers = new Map<number, { at: number; callback: () => void }>()
  private handles = 0

  open(url: string): Socket {
    const plug = new Plug(url)
    this.sockets.push(plug)
    return plug
  }

  now = () => this.time
  random = () => 1

  later(callback: () => void, ms: number): number {
    this.handles += 1
    this.timers.set(this.handles, { at: this.time + ms, callback })
    return this.handles
  }

  cancel(timer: number): void {
    this.timers.delete(timer)
  }

  pass(ms: number, link: Link): void {
    for (const end = this.time + ms; this.time < end; this.time += 100) {
      for (const [handle, timer] of this.timers) {
        if (timer.at > this.time) continue
        this.timers.delete(handle)
        timer.callback()
      }
      link.check()
    }
  }

  get latest(): Plug {
    return this.sockets.at(-1)!
  }
}

class Plug implements Socket {
  readyState = 0
  sent: { type: string; armed?: boolean }[] = []
  closed = false
  onopen: (() => void) | null = null
  onclose: (() => void) | null = null
  onerror: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null

  constructor(readonly url: string) {}

  send(data: string): void {
    this.sent.push(JSON.parse(data))
  }

  close(): void {
    this.readyState = 3
    this.closed = true
  }

  greet(servers: string[] = []): void {
    this.readyState = 1
    this.onopen?.()
    this.say({ type: 'hello', protocol: 1, build: 'b', seat_id: 's', user_id: 1, now: '2026-11-22T04:12:00Z', servers })
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) })
  }
}

function connect(): { world: World; link: Link; states: LineState[]; at: string[] } {
  const world = new World()
  const states: LineState[] = []
  const at: string[] = []
  const link = new Link({ home: 'http://here', build: 'b', message: () => undefined, state: (state, server) => void (states.push(state), at.push(server)) }, world)
  link.start()
  return { world, link, states, at }
}

describe('the line to the server', () => {
  it('says hello first and tells its duty after every greeting', () => {
    const { world, link } = connect()
    link.duty(true, 'meal')
    world.latest.greet()
    expect(world.latest.sent.map((message) => message.type)).toEqual(['hello', 'duty'])
    world.latest.onclose?.()
    world.pass(2_000, link)
    world.latest.greet()
    expect(world.latest.sent[1]).toEqual({ type: 'duty', armed: true, pause: 'meal' })
  })

  it('gives up a line that says nothing for five seconds', () => {
    const { world, link, states } = connect()
    world.latest.greet()
    world.pass(4_900, link)
    expect(states.at(-1)).toBe('live')
    world.pass(400, link)
    expect(states).toContain('down')
  })

  it('keeps a line that beats', () => {
    const { world, link, states } = connect()
    world.latest.greet()
    for (let beats = 0; beats < 10; beats++) {
      world.pass(2_000, link)
      world.latest.say({ type: 'beat', now: '2026-11-22T04:12:00Z', database: true })
    }
    expect(world.sockets).toHaveLength(1)
    expect(states.at(-1)).toBe('live')
  })

  it('waits longer after each failure, but never more than four seconds', () => {
    const { world, link } = connect()
    const waits: number[] = []
    for (let failures = 0; failures < 7; failures++) {
      const failedAt = world.time
      world.latest.onclose?.()
      const before = world.sockets.length
      while (world.sockets.length === before) world.pass(100, link)
      waits.push(world.time - failedAt)
    }
    expect(waits[0]).toBeLessThan(500)
    expect(waits.at(-1)).toBeGreaterThan(3_500)
    expect(Math.max(...waits)).toBeLessThan(4_500)
  })

  it('sends nothing before the server has greeted', () => {
    const { world, link } = connect()
    expect(link.send({ type: 'pulse', sounds: true })).toBe(false)
    world.latest.greet()
    expect(link.send({ type: 'pulse', sounds: true })).toBe(true)
  })

  it('does not come back after it was stopped', () => {
    const { world, link } = connect()
    world.latest.greet()
    link.stop()
    world.pass(20_000, link)
    expect(world.sockets).toHaveLength(1)
  })
})

describe('a line to one of several servers', () => {
  const list = ['http://here', 'http://there']
  const [here, there] = ['ws://here/ws/v1/seat', 'ws://there/ws/v1/seat']

  it('goes on at the next one within a quarter of a second when its own is lost', () => {
    const { world, link } = connect()
    world.latest.greet(list)
    world.latest.onclose?.()
    world.pass(400, link)
    expect(world.latest.url).toBe(there)
    world.latest.greet(list)
    world.pass(4_000, link)
    expect(world.sockets).toHaveLength(2)
  })

  it('waits a second and a half for one that does not greet', () => {
    const { world, link } = connect()
    world.latest.greet(list)
    world.latest.onclose?.()
    world.pass(2_200, link)
    expect(world.sockets.map(({ url }) => url)).toEqual([here, there, here])
  })

  it('gives each more time when nobody greets', () => {
    const { world, link } = connect()
    world.latest.greet(list)
    world.latest.onclose?.()
    world.pass(60_000, link)
    const tries = world.sockets.length
    world.pass(60_000, link)
    expect(world.sockets.length - tries).toBeLessThan(20)
  })

  it('keeps its line until the one that it is sent to has greeted, and says its duty there', () => {
    const { world, link, states, at } = connect()
    link.duty(true, null)
    world.latest.greet(list)
    const first = world.latest
    first.say({ type: 'going', why: 'stopping', servers: list })
    const second = world.latest
    expect(second.url).toBe(there)
    expect([first.closed, link.send({ type: 'pulse', sounds: true })]).toEqual([false, true])
    second.greet(list)
    expect(first.closed).toBe(true)
    expect(second.sent.map(({ type }) => type)).toEqual(['hello', 'duty'])
    expect([states.at(-1), at.at(-1)]).toEqual(['live', 'http://there']) // commands go there from now on
    expect(states).not.toContain('down')
  })

  it('stays where it is, and asks again, while nobody else greets', () => {
    const { world, link, states } = connect()
    world.latest.greet(list)
    const first = world.latest
    first.say({ type: 'going', why: 'schema_newer', servers: list })
    for (let beats = 0; beats < 5; beats++) {
      world.pass(2_000, link)
      first.say({ type: 'beat', now: '2026-11-22T04:12:00Z', database: true })
    }
    expect(first.closed).toBe(false)
    expect(world.sockets.length).toBeGreaterThan(3)
    expect(world.sockets.slice(1).every(({ url }) => url === there)).toBe(true)
    expect(states.at(-1)).toBe('live')
  })

  it('does not run to and fro between two that both send it on', () => {
    const { world, link } = connect()
    world.latest.greet(list)
    world.latest.say({ type: 'going', why: 'schema_newer', servers: list })
    const second = world.latest
    second.greet(list)
    second.say({ type: 'going', why: 'schema_newer', servers: list })
    for (let beats = 0; beats < 10; beats++) {
      world.pass(2_000, link)
      second.say({ type: 'beat', now: '2026-11-22T04:12:00Z', database: true })
    }
    expect(world.sockets).toHaveLength(2)
    expect(second.closed).toBe(false)
  })

  it('goes on elsewhere at once when its line is lost while it looks', () => {
    const { world, link } = connect()
    world.latest.greet(list)
    const first = world.latest
    first.say({ type: 'going', why: 'stopping', servers: list })
    world.latest.onclose?.()
    first.onclose?.()
    world.pass(400, link)
    expect(world.latest.url).toBe(there)
    expect(world.latest).not.toBe(world.sockets[1])
  })
})
