import { expect, it } from 'vitest'

import type { Says } from './says'
import { changesOf, draftOf, entered, entryOf, inherited, moved, withEntered, type Calling, type Policy } from './times'

const standard: Policy = { ring: 'all', unproved_s: 3, supervisors_s: 15, duty_s: 30, again_s: 60, horizon_s: 14_400, warning_s: 15, critical_s: 30 }
const settings: Says = { sms_policy: null, contact_policy: 'one_by_one', next_contact_s: null }
const slow = { ...standard, duty_s: 120 }
const night = { days: [1, 2], begins: '20:00', ends: '08:00' }
const view: Calling = { region_id: 2, state: 's', policies: { 1: slow }, above: { 0: standard, 1: standard, 2: standard, 7: standard }, duty_numbers: ['+861', '+862'], duty_above: [], settings, duty_phones: { '+861': { name: 'Night', shifts: [night] } }, duty_now: [], settings_above: {} as Calling['settings_above'] }

it('changes nothing as long as nothing was changed, and only what differs', () => {
  const draft = draftOf(view)
  expect(changesOf(view, draft)).toEqual({})
  draft.policies['1'] = null
  draft.duty = [draft.duty[1]!, { ...draft.duty[0]!, number: ' +861 ' }]
  expect(changesOf(view, draft)).toEqual({ policies: { 1: null }, duty_numbers: ['+862', '+861'] })
})

it('sends of what else is said only what differs, and null for what is as above again', () => {
  const draft = draftOf(view)
  draft.settings = { ...draft.settings, contact_policy: null, next_contact_s: 300 }
  expect(changesOf(view, draft)).toEqual({ settings: { contact_policy: null, next_contact_s: 300 } })
  expect(view.settings.contact_policy).toBe('one_by_one')
})

it('sends all phones where one of them changes, and none for a line that is empty', () => {
  const draft = draftOf(view)
  draft.duty[1]!.name = 'Day '
  draft.duty.push(entryOf(' '))
  expect(changesOf(view, draft)).toEqual({ duty_numbers: ['+861', '+862', ''], duty_phones: { '+861': { name: 'Night', shifts: [night] }, '+862': { name: 'Day', shifts: [] } } })
  expect(view.duty_phones['+861']!.shifts).toEqual([night])
})

it('leaves the view as it was while the draft is written', () => {
  draftOf(view).policies['1']!.duty_s = 7
  expect(view.policies['1']).toEqual(slow)
})

it('shows a policy of a priority that no device uses', () => {
  expect(Object.keys(draftOf({ ...view, policies: { 7: slow } }).policies)).toEqual(['0', '1', '2', '7'])
})

it('inherits what the region says of all, else what its parent has', () => {
  const draft = draftOf(view)
  expect(inherited(view, draft, '2')).toEqual(standard)
  draft.policies['0'] = slow
  expect(inherited(view, draft, '2')).toEqual(slow)
  expect(inherited(view, draft, '0')).toEqual(standard)
})

it.each([
  [0, 1, 'bac'], [2, 0, 'cab'], [0, 2, 'bca'], [0, -1, 'abc'], [2, 3, 'abc'],
])('moves a number from %i to %i', (from, to, expected) => {
  expect(moved(['a', 'b', 'c'], from, to).join('')).toBe(expected)
})

it('takes the horizon in minutes and all else in seconds', () => {
  expect([entered(standard, 'horizon_s'), entered(standard, 'duty_s')]).toEqual([240, 30])
  expect(withEntered(standard, 'horizon_s', 90).horizon_s).toBe(5_400)
  expect(withEntered(standard, 'warning_s', 20).warning_s).toBe(20)
  expect(entered({ ...standard, horizon_s: 700 }, 'horizon_s')).toBe(11.67)
})
