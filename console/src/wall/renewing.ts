/** When the wall loads itself anew: a new build is served, nobody waits, and it has not tried that build already. Pure. */

export interface Standing {
  /** Builds: of this page, and what the server serves now; null where it could not be asked. */
  own: string
  served: string | null
  /** The build for which this screen was loaded last, so that a page that a proxy keeps is not loaded without end. */
  tried: string | null
  /** Alarms that nobody has taken. */
  waiting: number
  /** The server speaks another protocol: what is shown here is dead already. */
  must: boolean
}

export function mayRenew({ own, served, tried, waiting, must }: Standing): boolean {
  if (served === null || served === own || served === tried) return false
  return must || waiting === 0
}
