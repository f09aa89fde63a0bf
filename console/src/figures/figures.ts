/** Service levels as they are written. Pure. */
import type { components } from '@/api/schema.gen'

export type LiveFigures = components['schemas']['LiveFigures']
export type Level = components['schemas']['Level']
export type Waiting = components['schemas']['Waiting']

/** Per cent with one decimal, rounded down: 97.49 is not 97.5. Empty while nothing is decided. */
export function shareOf(level: Pick<Level, 'decided' | 'met'>): string {
  if (!level.decided) return ''
  return (Math.floor((level.met * 1_000) / level.decided) / 10).toFixed(1)
}

export const targetOf = (level: Pick<Level, 'permille'>) => (level.permille / 10).toFixed(1)

export type Verdict = 'reached' | 'missed' | 'none'

export const verdictOf = (level: Pick<Level, 'reached'>): Verdict => (level.reached === null ? 'none' : level.reached ? 'reached' : 'missed')

/** Open incidents of a class and state, of all priorities. */
export function openCount(figures: LiveFigures, signalClass: string, state?: string): number {
  return figures.open.filter((each) => each.signal_class === signalClass && (!state || each.state === state)).reduce((sum, each) => sum + each.count, 0)
}
