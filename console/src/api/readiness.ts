/** What the server says of itself, without a log-in and beside the rest of the API. */

/** Whether somebody sees or was told of every alarm; null where there was no answer that says so. */
export async function alarmsTold(): Promise<boolean | null> {
  try {
    const answer = await fetch('/readyz', { signal: AbortSignal.timeout(5_000) })
    const said = (await answer.json()) as { checks?: Record<string, boolean> } // 503 has the same body
    return said.checks?.alarms_told ?? null
  } catch {
    return null
  }
}
