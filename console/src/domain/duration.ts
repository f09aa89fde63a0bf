/** A span as people say it: the two largest units that are not empty. Pure. */
export type Unit = 'hours' | 'minutes' | 'seconds'

const SECONDS: readonly (readonly [Unit, number])[] = [['hours', 3_600], ['minutes', 60], ['seconds', 1]]

export function partsOf(seconds: number): readonly (readonly [Unit, number])[] {
  let left = Math.round(seconds)
  const parts = SECONDS.map(([unit, size]) => {
    const n = Math.floor(left / size)
    left -= n * size
    return [unit, n] as const
  }).filter(([, n]) => n > 0)
  return parts.length ? parts.slice(0, 2) : [['seconds', 0]]
}
