/** By how much the clock of this phone is ahead of the server's, from one question and its answer. Pure. */

export interface Measured {
  /** Seconds ahead. */
  error_s: number
  /** The server cannot be wrong by more than this: half of the way there and back. */
  within_s: number
}

export function clockError(askedMs: number, answeredMs: number, serverNow: string): Measured {
  const half = (answeredMs - askedMs) / 2
  return { error_s: (askedMs + half - Date.parse(serverNow)) / 1000, within_s: half / 1000 }
}

/** A slow answer says less than the one before, unless the clock was set meanwhile. */
export function better(before: Measured | null, now: Measured): Measured {
  if (!before) return now
  const apart = Math.abs(before.error_s - now.error_s)
  return now.within_s <= before.within_s || apart > before.within_s + now.within_s ? now : before
}
