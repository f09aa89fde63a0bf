/** What the server says of itself, without a log-in and beside the rest of the API. */

import { atServer } from './http'

export interface Readiness {
  ready: boolean
  checks: Record<string, boolean>
  /** By listener, seconds since it let anybody in and read anything. */
  listeners?: Record<string, { open: boolean; accepted_s: number | null; read_s: number | null }>
}

/** Null where there was no answer that says so. */
export async function readiness(): Promise<Readiness | null> {
  try {
    const answer = await fetch(atServer('/readyz'), { signal: AbortSignal.timeout(5_000) })
    return (await answer.json()) as Readiness // 503 has the same body
  } catch {
    return null
  }
}

/** Whether somebody sees or was told of every alarm; null where there was no answer that says so. */
export async function alarmsTold(): Promise<boolean | null> {
  return (await readiness())?.checks?.alarms_told ?? null
}
