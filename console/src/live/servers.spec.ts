import { describe, expect, it } from 'vitest'

import { AVOIDED_MS, lineTo, Servers } from './servers'

const [a, b, c] = ['https://a.centre', 'https://b.centre', 'https://c.centre'] as const

describe('which server comes next', () => {
  it('is always the same where there is no other', () => {
    const servers = new Servers(a)
    servers.learn([])
    expect([servers.next(0), servers.next(0), servers.several]).toEqual([a, a, false])
    expect(servers.elsewhere(0)).toEqual([])
  })

  it('goes through the list in turn, from the one that was lost', () => {
    const servers = new Servers(b)
    servers.learn([a, b, c])
    expect([servers.next(0), servers.next(0), servers.next(0)]).toEqual([c, a, b])
  })

  it('keeps the server that the page comes from, by whatever name', () => {
    const servers = new Servers('https://alarms')
    servers.learn([a, b])
    expect(servers.current).toBe('https://alarms')
    expect([servers.next(0), servers.next(0), servers.next(0)]).toEqual([a, b, 'https://alarms'])
  })

  it('forgets a server that is taken from the list, unless we speak with it', () => {
    const servers = new Servers(a)
    servers.learn([a, b, c])
    servers.settle(c)
    servers.learn([a, b])
    expect(servers.current).toBe(c)
    expect(servers.elsewhere(0)).toEqual([a, b])
    servers.settle(a)
    servers.learn([a, b])
    expect(servers.elsewhere(0)).toEqual([b])
  })

  it('does not go back to one that has sent it on, for a while', () => {
    const servers = new Servers(a)
    servers.learn([a, b])
    servers.avoid(1_000)
    servers.settle(b)
    servers.avoid(2_000)
    expect(servers.elsewhere(3_000)).toEqual([])
    expect(servers.elsewhere(1_000 + AVOIDED_MS)).toEqual([a])
  })

  it('rather asks one that has sent it on than nobody', () => {
    const servers = new Servers(a)
    servers.learn([a, b])
    servers.avoid(0)
    servers.settle(b)
    servers.avoid(0)
    expect([servers.next(0), servers.next(0)]).toEqual([a, b])
  })

  it('speaks over TLS where the page does', () => {
    expect(lineTo(a)).toBe('wss://a.centre/ws/v1/seat')
    expect(lineTo('http://localhost:8000')).toBe('ws://localhost:8000/ws/v1/seat')
  })
})
