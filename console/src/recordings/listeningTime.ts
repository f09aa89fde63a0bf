/** Where somebody is in a recording, and how far a key moves them. Pure. */

export const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const
export const STEP_S = 5

/** 3725 s: 1:02:05; always with minutes and seconds. */
export function clockOf(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (value: number) => String(value).padStart(2, '0')
  const [h, m, s] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60]
  return h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`
}

/** `by` steps of five seconds from here, within the recording. */
export function moved(at: number, by: number, length: number): number {
  return Math.min(Math.max(0, length), Math.max(0, at + by * STEP_S))
}

/** The next faster or slower one. */
export function nextSpeed(now: number, by: 1 | -1): number {
  const at = SPEEDS.indexOf(now as (typeof SPEEDS)[number])
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + by))] ?? 1
}

/** How loud each side is: -1 the far end alone, 0 both, 1 the centre alone. */
export function gains(balance: number): { far: number; centre: number } {
  return { far: Math.min(1, 1 - balance), centre: Math.min(1, 1 + balance) }
}

/** The outline of one side, as a path of `wide` by `high` around its middle. */
export function outline(peaks: readonly number[], wide: number, high: number): string {
  const step = wide / Math.max(1, peaks.length)
  const half = high / 2
  return peaks.map((peak, n) => {
    const size = Math.max(0.5, (peak / 255) * half)
    return `M${((n + 0.5) * step).toFixed(2)} ${(half - size).toFixed(2)}V${(half + size).toFixed(2)}`
  }).join('')
}
