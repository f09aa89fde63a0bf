/** Which calls a seat shows, in which order, and what may be done in which state. Pure. */
import type { CallShown, CallState, LegShown, LineKind, Match } from '@/api/telephone'

/** As the server has it (`hotline/waiting.py`). */
const BEFORE: Record<LineKind, number> = { red: 0, green: 1, hotline: 2, office: 3 }

export const isSought = ({ state }: CallShown) => state === 'ringing' || state === 'waiting'

/** Those that nobody speaks with, the next one first: red before green before the others, who was spoken with before, then who waits longest. */
export function inOrder(calls: Iterable<CallShown>): CallShown[] {
  return [...calls].filter(isSought).sort((a, b) => BEFORE[a.kind] - BEFORE[b.kind] || Number(b.answered_at !== null) - Number(a.answered_at !== null) || a.offered_at.localeCompare(b.offered_at) || a.id.localeCompare(b.id))
}

/** Why a call concerns this seat. */
export type Part = 'operator' | 'colleague' | 'listener'

export function partOf({ taken_by, state, legs }: CallShown, userId: number | null): Part | null {
  if (userId === null || state === 'ended') return null
  if (taken_by === userId) return 'operator'
  const own = legs.find((leg) => leg.user_id === userId)
  return own?.role === 'colleague' ? 'colleague' : own?.role === 'listener' ? 'listener' : null
}

/** A telephone that is to ring at this seat, or has: whose call has it, and whether it is answered by itself, because this user asked for it. */
export function expectedAt(calls: Iterable<CallShown>, userId: number | null): { call: CallShown; leg: LegShown; byItself: boolean } | null {
  for (const call of calls) {
    const leg = call.legs.find((each) => each.user_id === userId && !each.is_up)
    if (leg && call.state !== 'ended') return { call, leg, byItself: leg.role !== 'colleague' }
  }
  return null
}

export type Deed = 'take' | 'answer' | 'hang_up' | 'hold' | 'resume' | 'mute' | 'pass_on' | 'consult' | 'give' | 'take_back' | 'add' | 'keys' | 'listen_in'

/** Of whoever has the call; no colleague is being asked. */
const OWN: Record<CallState, readonly Deed[]> = {
  ringing: [],
  waiting: [],
  connecting: ['hang_up'],
  talking: ['mute', 'hold', 'pass_on', 'consult', 'add', 'keys', 'hang_up'],
  held: ['resume', 'pass_on', 'consult', 'hang_up'],
  ended: [],
}

export const colleagueOf = ({ legs }: CallShown) => legs.find(({ role }) => role === 'colleague') ?? null

/** What may be done with a call now. A colleague who is asked has a telephone that rings; who listens hangs up at it. */
export function deedsFor(call: CallShown, userId: number | null, maySupervise = false): readonly Deed[] {
  switch (partOf(call, userId)) {
    case 'operator': {
      const colleague = colleagueOf(call)
      if (!colleague) return OWN[call.state]
      return [...(colleague.is_up ? (['give'] as const) : []), 'take_back', 'mute', 'hang_up']
    }
    case 'colleague':
      return call.legs.some((leg) => leg.user_id === userId && leg.is_up) ? ['mute'] : ['answer']
    case 'listener':
      return ['listen_in', 'mute']
    default:
      if (isSought(call)) return ['take']
      return maySupervise && call.taken_by !== null && (call.state === 'talking' || call.state === 'held') ? ['listen_in'] : []
  }
}

export interface Bar {
  /** With this seat, those that are spoken with before those that wait on hold. */
  own: CallShown[]
  /** A colleague asks this user first, or a supervisor listens. */
  joined: CallShown[]
  /** Nobody has them yet: whoever was passed on to this user first, then in order. */
  waiting: CallShown[]
  /** With colleagues: for whoever may listen in. */
  others: CallShown[]
  /** Nobody at a seat has them: the duty phones, or another centre. */
  away: CallShown[]
}

export type Elsewhere = 'duty_phones' | 'another_centre'

/** Who has a call that was taken and is at no seat here; null: a seat of ours, or nobody yet. */
export function elsewhereOf(call: Pick<CallShown, 'state' | 'taken_by' | 'given_away'>): Elsewhere | null {
  if (call.taken_by !== null || call.state !== 'talking') return null
  return call.given_away ? 'duty_phones' : 'another_centre'
}

const LIVELY: Record<CallState, number> = { talking: 0, connecting: 1, held: 2, ringing: 3, waiting: 3, ended: 4 }

/** `wanted` by somebody else for a moment is still anybody's: a call that nobody takes is worse. */
export function barOf(calls: Iterable<CallShown>, userId: number | null): Bar {
  const all = [...calls].filter(({ state, direction }) => state !== 'ended' && direction !== 'automatic')
  const own = all.filter((call) => partOf(call, userId) === 'operator').sort((a, b) => LIVELY[a.state] - LIVELY[b.state] || a.offered_at.localeCompare(b.offered_at))
  const joined = all.filter((call) => ['colleague', 'listener'].includes(partOf(call, userId) ?? ''))
  const waiting = inOrder(all).sort((a, b) => BEFORE[a.kind] - BEFORE[b.kind] || Number(b.wanted === userId) - Number(a.wanted === userId))
  const others = all.filter((call) => call.taken_by !== null && !own.includes(call) && !joined.includes(call))
  const away = all.filter((call) => elsewhereOf(call) !== null)
  return { own, joined, waiting, others, away }
}

/**
 * Whether this seat rings for a call: for its own telephone that a colleague rings, and for those who wait while it
 * speaks with nobody. Whom somebody else is asked to take first rings there; an alarm everywhere.
 */
export function callsRing({ own, joined, waiting }: Bar, userId: number | null): boolean {
  const asked = joined.some((call) => deedsFor(call, userId).includes('answer'))
  const speaks = own.some(({ state }) => state !== 'held') || joined.length > 0
  const mine = waiting.some(({ kind, wanted }) => kind === 'red' || wanted === null || wanted === userId)
  return asked || (mine && !speaks)
}

/** Who it is, as far as one can say so without asking. */
export function whoIs({ attached, matches }: Pick<CallShown, 'attached' | 'matches'>): Match | null {
  return attached ?? (matches.length === 1 ? matches[0]! : null)
}

/** Of a call out: whom it was to; of a call in: who rang. */
export const numberOf = ({ caller }: Pick<CallShown, 'caller'>) => caller.e164 ?? caller.raw

/** Nobody of the centre has spoken with them. */
export const isMissed = ({ direction, answered_at, state }: CallShown) => state === 'ended' && direction === 'in' && answered_at === null

export type Reached = 'reached' | 'busy' | 'no_answer'

const BUSY = 17
/** ITU-T Q.850: no answer, and nobody there to answer (switched off, absent). */
const UNANSWERED: ReadonlySet<number> = new Set([16, 18, 19, 20, 31])

/** Our own telephone is up: only then whoever is wanted is rung. */
export const ownIsUp = ({ legs }: Pick<CallShown, 'legs'>) => legs.some(({ role, is_up }) => role === 'operator' && is_up)

/**
 * What came of a call out, as the exchange has it. Null where that says nothing of them: our own telephone did not come up (`rang` is
 * false), a number that does not exist, no line free.
 */
export function outcomeOf({ answered_at, cause }: Pick<CallShown, 'answered_at' | 'cause'>, rang: boolean): Reached | null {
  if (answered_at !== null) return 'reached'
  if (!rang) return null
  if (cause === BUSY) return 'busy'
  return cause !== null && UNANSWERED.has(cause) ? 'no_answer' : null
}
