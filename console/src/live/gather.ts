/** Gathers what was seen or sounded: the first at once, the rest at most once per interval, each (incident, ring) once. */
import type { Rung } from '@/api/wire'

const GATHER_MS = 100
const MOST_AT_ONCE = 500

export class Gatherer {
  /** The latest ring that was said of each incident: thousands are looked up with every message. */
  private readonly done = new Map<string, number>()
  private waiting: Rung[] = []
  private timer: ReturnType<typeof setTimeout> | null = null

  constructor(private readonly send: (incidents: Rung[]) => void) {}

  add(rungs: readonly Rung[]): void {
    for (const { incident_id, ring } of rungs) {
      const said = this.done.get(incident_id)
      if (said !== undefined && said >= ring) continue
      this.done.set(incident_id, ring)
      this.waiting.push({ incident_id, ring })
    }
    if (this.waiting.length && this.timer === null) this.flush()
  }

  /** After a new snapshot: what may have been lost with the old line is said again. */
  forget(): void {
    this.done.clear()
    this.waiting = []
  }

  private flush(): void {
    this.timer = null
    if (!this.waiting.length) return
    this.send(this.waiting.splice(0, MOST_AT_ONCE))
    this.timer = setTimeout(() => this.flush(), GATHER_MS)
  }
}
