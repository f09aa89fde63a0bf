/** Which server comes next: those of the list in their order, never one that has just sent its seats away while there is another. */

/** A server that has sent us on is asked again after this. */
export const AVOIDED_MS = 30_000

export class Servers {
  private list: string[]
  private at = 0
  private readonly sentUsOn = new Map<string, number>()

  /** `home` is where the page comes from. */
  constructor(private readonly home: string) {
    this.list = [home]
  }

  get current(): string {
    return this.list[this.at]!
  }

  get several(): boolean {
    return this.list.length > 1
  }

  get count(): number {
    return this.list.length
  }

  /** As the server names them; the one that we speak with stays the one that we speak with. */
  learn(named: readonly string[]): void {
    if (!named.length) return // an older server, that knows of no list
    const now = this.current
    this.list = [...new Set([...named, this.home, now])]
    this.at = this.list.indexOf(now)
  }

  /** After a lost line: the next one, in turn. */
  next(time: number): string {
    const others = this.list.map((_, step) => (this.at + step + 1) % this.list.length)
    this.at = others.find((index) => !this.avoids(this.list[index]!, time)) ?? others[0]!
    return this.current
  }

  /** Where to go on, in the order in which they are tried; without the one that we speak with. */
  elsewhere(time: number): string[] {
    const turned = [...this.list.slice(this.at + 1), ...this.list.slice(0, this.at)]
    return turned.filter((server) => !this.avoids(server, time))
  }

  /** The one that we speak with wants us to go. */
  avoid(time: number): void {
    this.sentUsOn.set(this.current, time + AVOIDED_MS)
  }

  settle(server: string): void {
    this.at = this.list.indexOf(server)
  }

  private avoids(server: string, time: number): boolean {
    return (this.sentUsOn.get(server) ?? -Infinity) > time
  }
}

/** The address of a seat's line at a server. */
export const lineTo = (server: string) => `${server.replace(/^http/, 'ws')}/ws/v1/seat`
