/** The tree of regions as it is drawn and changed. Pure. */
import type { Region } from '@/api/records'
import type { Level } from '@/api/regions'

export const LEVELS: readonly Level[] = ['province', 'city', 'district', 'street', 'community', 'grid']

/** Those that somebody administers, in depth-first order, with how deep each stands. */
export function administered(known: readonly Region[], granted: readonly number[]): { region: Region; depth: number }[] {
  const own = known.filter(({ path }) => path.some((id) => granted.includes(id)))
  const top = Math.min(...own.map(({ path }) => path.length))
  return own.map((region) => ({ region, depth: region.path.length - top }))
}

/** Where a region may be hung: never below itself. */
export function mayLieIn(known: readonly Region[], moved: Region): Region[] {
  return known.filter(({ path }) => !path.includes(moved.id))
}

/** What a region below this one usually is. */
export function levelBelow(level: string): Level {
  const at = LEVELS.indexOf(level as Level)
  return LEVELS[Math.min(at + 1, LEVELS.length - 1)]!
}
