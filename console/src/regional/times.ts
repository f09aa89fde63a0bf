/** What a region says about its times, what it inherits, and what a change of it is. */
import type { components } from '@/api/schema.gen'

import type { Says } from './says'

export type Policy = components['schemas']['PolicyBody']
export type Calling = components['schemas']['CallingView']

export type Shift = Required<components['schemas']['ShiftBody']>
type Phone = components['schemas']['DutyPhoneBody']

const WEEK = [1, 2, 3, 4, 5, 6, 7]

/** A phone of the duty list as it is typed: whose it is, and when it is called; without shifts at any time. */
export interface DutyEntry {
  number: string
  name: string
  shifts: Shift[]
}

/**
 * `policies` by priority, null: as all others of the region have it, else as its parent; `duty` in the order they are called;
 * `settings`, null: as its parent.
 */
export interface Draft {
  policies: Record<string, Policy | null>
  duty: DutyEntry[]
  settings: Says
}

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
    duty: view.duty_numbers.map((number) => entryOf(number, view.duty_phones[number])),
    settings: { ...view.settings },
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
  const settings = Object.entries(draft.settings).filter(([key, value]) => !same(value, before.settings[key as keyof Says]))
  return {
    ...(differing.length ? { policies: Object.fromEntries(differing) } : {}),
    ...dutyChanges(before.duty, draft.duty),
    ...(settings.length ? { settings: Object.fromEntries(settings) } : {}),
  }
}

/** Numbers and phones stand apart: an empty line of the list says nothing, of a number that is no number the server says what. */
function dutyChanges(before: readonly DutyEntry[], after: readonly DutyEntry[]) {
  const listed = after.map((entry) => ({ ...entry, number: entry.number.trim() }))
  const numbers = listed.map(({ number }) => number)
  const phones = Object.fromEntries(listed.filter(({ number }) => number).map(({ number, name, shifts }) => [number, { name: name.trim(), shifts }]))
  const said = (list: readonly DutyEntry[]) => list.filter(({ name, shifts }) => name.trim() || shifts.length).map(({ number, name, shifts }) => [number.trim(), name.trim(), shifts])
  return {
    ...(same(numbers, before.map(({ number }) => number)) ? {} : { duty_numbers: numbers }),
    ...(same(said(after), said(before)) ? {} : { duty_phones: phones }),
  }
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

export function entryOf(number: string, phone?: Phone): DutyEntry {
  return { number, name: phone?.name ?? '', shifts: (phone?.shifts ?? []).map((shift) => ({ ...shift, days: [...(shift.days ?? WEEK)] })) }
}

/** The list with one entry moved to another place; as it was where there is no such place. */
export function moved<Entry>(entries: readonly Entry[], from: number, to: number): Entry[] {
  const list = [...entries]
  if (to < 0 || to >= list.length) return list
  list.splice(to, 0, ...list.splice(from, 1))
  return list
}
