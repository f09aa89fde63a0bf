/** The lines at this moment, out of the calls that stand, and what the seats do. Pure. */
import type { CallFiguresRow } from '@/api/callFigures'
import type { CallShown, LineKind } from '@/api/telephone'
import type { SeatView } from '@/api/wire'
import { inOrder, isSought } from '@/domain/calls'

export interface LineNow {
  number: string
  name: string
  name_en: string
  /** Of its calls; null where none stands. */
  kind: LineKind | null
  waiting: number
  /** When the one that waits longest came. */
  since: string | null
  speaking: number
  /** Of today, as the office has counted; null: not known. */
  offered: number | null
  missed: number | null
}

const standing = (calls: Iterable<CallShown>) => [...calls].filter(({ state, direction }) => state !== 'ended' && direction !== 'automatic')

/** Every line that has a call now or had one today, the one with most who wait first. */
export function linesNow(calls: Iterable<CallShown>, today: readonly CallFiguresRow[] | null): LineNow[] {
  const lines = new Map<string, LineNow>()
  const line = (number: string, name: string, name_en: string): LineNow => {
    const known = lines.get(number) ?? { number, name, name_en, kind: null, waiting: 0, since: null, speaking: 0, offered: today && 0, missed: today && 0 }
    lines.set(number, known)
    return known
  }
  for (const { key, name, name_en, offered, abandoned } of today ?? []) if (key !== null) Object.assign(line(key, name || key, name_en || name || key), { offered, missed: abandoned })
  for (const call of standing(calls)) {
    const one = line(call.line, call.line_name, call.line_name_en)
    one.kind = call.kind
    if (!isSought(call)) one.speaking += 1
    else {
      one.waiting += 1
      if (one.since === null || call.offered_at < one.since) one.since = call.offered_at
    }
  }
  return [...lines.values()].sort((a, b) => b.waiting - a.waiting || b.speaking - a.speaking || a.number.localeCompare(b.number))
}

/** Nobody speaks with them yet, the next one first. */
export const waitingNow = (calls: Iterable<CallShown>) => inOrder(standing(calls))

/** Somebody has them, alarms first, then who has spoken longest. */
export function speakingNow(calls: Iterable<CallShown>): CallShown[] {
  return standing(calls)
    .filter((call) => !isSought(call))
    .sort((a, b) => Number(b.kind === 'red') - Number(a.kind === 'red') || (a.answered_at ?? a.offered_at).localeCompare(b.answered_at ?? b.offered_at))
}

export type Doing = 'talking' | 'held' | 'connecting' | 'wrapping' | 'free' | 'paused' | 'off'

export interface SeatNow {
  user_id: number
  name: string
  doing: Doing
  call: CallShown | null
}

const BUSIEST: Record<Doing, number> = { talking: 0, held: 1, connecting: 2, wrapping: 3, free: 4, paused: 5, off: 6 }

/** One a colleague, however many seats they have. `wrapping`: who still writes down, as far as it was seen. */
export function seatsNow(seats: readonly SeatView[], calls: Iterable<CallShown>, wrapping: ReadonlySet<number>): SeatNow[] {
  const held = new Map<number, CallShown>()
  for (const call of speakingNow(calls)) if (call.taken_by !== null && (held.get(call.taken_by)?.state ?? 'held') === 'held') held.set(call.taken_by, call)
  const people = new Map<number, SeatView>()
  for (const seat of seats) if (!people.get(seat.user_id)?.armed) people.set(seat.user_id, seat)
  const doing = ({ user_id, armed, pause }: SeatView): Doing => {
    const call = held.get(user_id)
    if (call) return call.state === 'held' ? 'held' : call.state === 'connecting' ? 'connecting' : 'talking'
    if (wrapping.has(user_id)) return 'wrapping'
    if (pause) return 'paused'
    return armed ? 'free' : 'off'
  }
  return [...people.values()]
    .map((seat) => ({ user_id: seat.user_id, name: seat.name, doing: doing(seat), call: held.get(seat.user_id) ?? null }))
    .sort((a, b) => BUSIEST[a.doing] - BUSIEST[b.doing] || a.user_id - b.user_id)
}

/** Who writes down what a call was about, after these were told: a call that has ended is told once more when that is done. */
export function wrappingAfter(before: ReadonlySet<number>, told: readonly CallShown[], whole: boolean): ReadonlySet<number> {
  const now = new Set(whole ? [] : before)
  for (const { state, taken_by, answered_at, wrapped_up_at } of told) {
    if (taken_by === null) continue
    if (state === 'ended' && answered_at !== null && wrapped_up_at === null) now.add(taken_by)
    else now.delete(taken_by) // they are ready, or have taken another
  }
  return now
}
