/** What a region says about its times, what it inherits, and what a change of it is. */
import type { components } from '@/api/schema.gen'

import type { Says } from './says'

export type Policy = components['schemas']['PolicyBody']
export type Calling = components['schemas']['CallingView']

/**
 * `policies` by priority, null: as all others of the region have it, else as its parent; `numbers` in the order they are called;
 * `settings`, null: as its parent.
 * `requestMinutes` until whoever asks for service is called back, null: as the parent has it.
 */
export interface Draft {
  policies: Record<string, Policy | null>
  numbers: string[]
  settings: Says
  requestMinutes: number | null
}

const MINUTE_S = 60

/** "0": every priority that has none of its own. */
export const ALL = '0'
/** Those of alarms; whatever else rings is not escalated. */
export const PRIORITIES = [ALL, '1', '2'] as const
export const TIMES = ['unproved_s', 'supervisors_s', 'duty_s', 'again_s', 'horizon_s', 'warning_s', 'critical_s'] as const
type Time = (typeof TIMES)[number]

/** Seconds of the unit in which a time is entered: nobody counts four hours in seconds. */
export const UNIT_S: Readonly<Record<Time, number>> = { unproved_s: 1, supervisors_s: 1, duty_s: 1, again_s: 1, horizon_s: 60, warning_s: 1, critical_s: 1 }

export const entered = (policy: Policy, time: Time) => Math.round((policy[time] / UNIT_S[time]) * 100) / 100
export const withEntered = (policy: Policy, time: Time, value: number): Policy => ({ ...policy, [time]: Math.round(value * UNIT_S[time]) })

export function draftOf(view: Calling): Draft {
  const listed = [...new Set([...PRIORITIES, ...Object.keys(view.policies)])]
  return {
    policies: Object.fromEntries(listed.map((priority) => [priority, view.policies[priority] ? { ...view.policies[priority] } : null])),
    numbers: [...view.duty_numbers],
    settings: { ...view.settings },
    requestMinutes: view.service_due_s === null ? null : view.service_due_s / MINUTE_S,
  }
}

/** What holds for a priority that says nothing itself. */
export function inherited(view: Calling, draft: Draft, priority: string): Policy {
  const own = priority === ALL ? null : draft.policies[ALL]
  return own ?? view.above[priority]!
}

/** Only what differs; a number that is no number is refused by the server with its field. */
export function changesOf(view: Calling, draft: Draft) {
  const before = draftOf(view)
  const differing = Object.entries(draft.policies).filter(([priority, policy]) => !same(policy, before.policies[priority] ?? null))
  const numbers = draft.numbers.map((number) => number.trim())
  const settings = Object.entries(draft.settings).filter(([key, value]) => !same(value, before.settings[key as keyof Says]))
  return {
    ...(differing.length ? { policies: Object.fromEntries(differing) } : {}),
    ...(same(numbers, before.numbers) ? {} : { duty_numbers: numbers }),
    ...(settings.length ? { settings: Object.fromEntries(settings) } : {}),
    ...(draft.requestMinutes === before.requestMinutes ? {} : { service_due_s: draft.requestMinutes === null ? null : Math.round(draft.requestMinutes * MINUTE_S) }),
  }
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** The list with one number moved to another place; as it was where there is no such place. */
export function moved(numbers: readonly string[], from: number, to: number): string[] {
  const list = [...numbers]
  if (to < 0 || to >= list.length) return list
  list.splice(to, 0, ...list.splice(from, 1))
  return list
}
