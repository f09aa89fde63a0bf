/** A check in words: how it stands, its value with its unit, what is asked of it. Never by colour alone. */
import type { Finding } from '@/api/alive'

type State = Finding['state']

export const SIGNS: Record<State, string> = { well: '✓', warn: '!', bad: '✗', unknown: '?', off: '–' }
export const CHIPS: Record<State, string> = { well: 'chip--ok', warn: 'chip--warn', bad: 'chip--alarm', unknown: 'chip--warn', off: '' }

const WEIGHT: Record<State, number> = { bad: 0, warn: 1, unknown: 2, well: 3, off: 4 }

/** What somebody must see to, on top. */
export const worstFirst = (items: readonly Finding[]): Finding[] => [...items].sort((a, b) => WEIGHT[a.state] - WEIGHT[b.state])

/** An answer that is older than this is no word about now. */
const STALE_MS = 60_000

export function isStale(now: string, lookedAt: string | null): boolean {
  return lookedAt === null || Date.parse(now) - Date.parse(lookedAt) > STALE_MS
}

/** What the text of a value needs: the key of its words, and its number. */
export function said(unit: Finding['unit'], value: number): { key: string; n: string } {
  if (unit === 'holds') return { key: value >= 1 ? 'yes' : 'no', n: '' }
  if (unit === 'seconds' && value >= 7_200) return { key: 'hours', n: (value / 3_600).toFixed(0) }
  if (unit === 'seconds') return { key: 'seconds', n: value < 10 ? value.toFixed(3) : value.toFixed(0) }
  if (unit === 'gib') return { key: 'gib', n: value.toFixed(2) }
  return { key: unit, n: value.toFixed(0) }
}

/** The limit from which on it is worth a look, else the one from which on it is bad; none: its value alone says nothing. */
export const limitOf = ({ warn, bad }: Finding): number | null => warn ?? bad
