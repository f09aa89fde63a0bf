/** How calls of each kind are made, as it is typed: pauses in one line, in the unit that people think in. Pure. */
import type { CallPolicies, CallPolicy, ListKind } from '@/api/calls'

/** Of one kind, as it is typed. */
export interface Typed {
  pauses: string
  horizon: string
  after: string
}

/** By kind; null: as the region above has it. */
export type Draft = Record<ListKind, Typed | null>

export const KINDS: readonly ListKind[] = ['well_being', 'door', 'roll_call', 'silent_device', 'low_battery', 'press_test', 'idle_device', 'satisfaction', 'notice']
const HOUR = 60
const DAY = 24 * HOUR

/** Minutes of one unit: people are called again within the hour, devices within days. `horizon` null: it is never too late. */
export function unitsOf(kind: ListKind): { pauses: number; horizon: number | null } {
  if (kind === 'roll_call' || kind === 'door') return { pauses: 1, horizon: null }
  return kind === 'well_being' ? { pauses: 1, horizon: 1 } : { pauses: HOUR, horizon: DAY }
}

/** Which of them have a number after which a device is on the list. */
export const hasAfter = (kind: ListKind) => kind === 'silent_device' || kind === 'idle_device'

export function typed(kind: ListKind, policy: CallPolicy): Typed {
  const { pauses, horizon } = unitsOf(kind)
  return {
    pauses: policy.pauses_min.map((each) => inUnit(each, pauses)).join(', '),
    horizon: policy.horizon_min == null ? '' : inUnit(policy.horizon_min, horizon ?? 1),
    after: policy.after == null ? '' : String(policy.after),
  }
}

const inUnit = (minutes: number, unit: number) => String(Math.round((minutes / unit) * 100) / 100)

/** As the server takes it; a field that is no number is NaN. */
export function policyOf(kind: ListKind, { pauses, horizon, after }: Typed): CallPolicy {
  const units = unitsOf(kind)
  return {
    pauses_min: pauses.split(/[,，、;；\s]+/).filter(Boolean).map((each) => minutes(each, units.pauses)),
    horizon_min: units.horizon === null ? null : minutes(horizon, units.horizon),
    after: hasAfter(kind) ? minutes(after, 1) : null,
  }
}

function minutes(text: string, unit: number): number {
  const said = text.trim()
  return said === '' ? Number.NaN : Math.round(Number(said) * unit)
}

/** The first field that holds something else than numbers. */
export function wrongIn(draft: Draft): { kind: ListKind; field: keyof CallPolicy } | null {
  for (const kind of KINDS) {
    const own = draft[kind]
    if (!own) continue
    const { pauses_min, horizon_min, after } = policyOf(kind, own)
    if (pauses_min.some(Number.isNaN)) return { kind, field: 'pauses_min' }
    if (Number.isNaN(horizon_min)) return { kind, field: 'horizon_min' }
    if (Number.isNaN(after)) return { kind, field: 'after' }
  }
  return null
}

export function draftOf(view: CallPolicies): Draft {
  return Object.fromEntries(KINDS.map((kind) => [kind, view.policies[kind] ? typed(kind, view.policies[kind]) : null])) as Draft
}

export function changesOf(view: CallPolicies, draft: Draft): object {
  const before = draftOf(view)
  const differing = KINDS.filter((kind) => JSON.stringify(draft[kind]) !== JSON.stringify(before[kind]))
  const policies = Object.fromEntries(differing.map((kind) => [kind, draft[kind] && policyOf(kind, draft[kind])]))
  return differing.length ? { policies } : {}
}
