/** How far a run has got, and what of it wants eyes. Pure. */
import type { Run, Visit, VisitState } from '@/api/rounds'

/** In the order in which a bar shows them. */
export const STATES: readonly VisitState[] = ['done', 'away_known', 'refused', 'no_answer', 'missed', 'pending']
const SHUT: readonly VisitState[] = ['no_answer', 'missed']

export const counted = (run: Run, ...states: readonly VisitState[]) => states.reduce((sum, each) => sum + (run.counts[each] ?? 0), 0)
export const shut = (run: Run) => counted(run, ...SHUT)
export const ended = (run: Run) => run.stops - counted(run, 'pending')
export const isShut = (visit: Visit) => SHUT.includes(visit.state)

/** It should have begun, and nobody has said anything. */
export const isLate = (run: Run, now: number) => run.state === 'planned' && now > Date.parse(run.begins_at) + 3_600_000

/** Doors that did not open first, then whoever is still to be visited, then the rest. */
export function inOrder(visits: readonly Visit[]): Visit[] {
  const rank = (visit: Visit) => (isShut(visit) ? 0 : visit.state === 'pending' ? 1 : 2)
  return [...visits].sort((one, other) => rank(one) - rank(other) || one.n - other.n)
}

/** 1234 is 12.34; the currency stands beside it. */
export const yuan = (fen: number) => (fen / 100).toFixed(2)

/** What people type, in fen; null: it is no amount. */
export function fen(typed: string): number | null {
  const said = typed.trim()
  if (!/^\d{1,5}([.。]\d{1,2})?$/.test(said)) return said === '' ? 0 : null
  return Math.round(Number(said.replace('。', '.')) * 100)
}
