import type { TimelineView } from '@/api/wire'
import { expect, it } from 'vitest'

import { entry, incident } from '@/testing/views'

import { concernedIn, contactCalls, contactReplies, givenBy, readEntry, stepsDone } from './timeline'

const one = incident()
const step = (number: number, data: Record<string, unknown>) => entry(one, number, { kind: 'step', data })

it('shows the latest result of each step and how often it was tried', () => {
  const done = stepsDone([step(2, { step: 'call_back', result: 'no_answer' }), step(3, { step: 'call_back', result: 'reached' })])
  expect(done.get('call_back')).toMatchObject({ count: 2, result: 'reached' })
})

it('knows the last call to a contact and their last answer', () => {
  const entries = [
    step(1, { step: 'contact_called', result: 'no_answer', contact_id: 7 }),
    step(2, { step: 'contact_called', result: 'busy', contact_id: 7 }),
    entry(one, 3, { kind: 'reply', data: { contact_id: 7, meaning: 'no' } }),
    entry(one, 4, { kind: 'reply', data: { contact_id: 7, meaning: 'yes' } }),
  ]
  expect(contactCalls(entries).get(7)).toMatchObject({ result: 'busy', count: 2 })
  expect(contactReplies(entries).get(7)).toBe('yes')
})

it('knows by whose order an incident came to its taker, until it rings for another reason', () => {
  const given = entry(one, 2, { kind: 'reassigned', data: { to: 3, to_name: '薛琳', taken_from: '王敏', reason: '下班' } })
  const before = entry(one, 1, { kind: 'taken', data: { taken_from: null, not_made: [] } })
  expect(givenBy([before, given])).toEqual({ entry: given, reason: '下班' })
  expect(givenBy([before, given, entry(one, 3, { kind: 'joined', data: { kind: 'sos' } })])).toBeNull()
  expect(givenBy([before])).toBeNull()
})

it('keeps who confirmed safe, and where, for the closing', () => {
  expect(stepsDone([step(2, { step: 'safe', result: 'done', by: '周晓梅', where: '家中' })]).get('safe')).toMatchObject({ by: '周晓梅', where: '家中' })
})

it.each([
  ['wanted', { wanted: 'meal', passed_to: '食堂', until: null, note: '' }, { kind: 'wanted', wanted: 'meal', passedTo: '食堂', until: '', note: '' }],
  ['request_due', { late: true }, { kind: 'request_due', late: true }],
  ['page_opened', { contact_id: 7, name: '沈岚', relation: '女儿', relation_en: 'daughter' }, { kind: 'other', code: 'page_opened', note: '沈岚' }],
  ['voice_called', { voice_call_id: null, attempt: 1, step: 'pressed', contact_id: 7, name: '沈岚', relation: '女儿', relation_en: 'daughter', key: '1', again_at: null }, { kind: 'other', code: 'voice_called_pressed', note: '沈岚 · 1' }],
  ['recognised', { home_id: 5, resident_id: 3, name: '沈玉兰', from_path: [], part_of: 37, part_of_id: null }, { kind: 'recognised', partOf: 37 }],
  ['archived', { file: 'timeline_entry_2023_01.archive' }, { kind: 'archived', file: 'timeline_entry_2023_01.archive' }],
  ['plan_waited', { step: 'look', text: '看', text_en: 'Look' }, { kind: 'plan_waited', text: '看', textEnglish: 'Look' }],
  ['opened', { kind: 'sos', text: 'x' }, { kind: 'opened', signal: 'sos', text: 'x', called: null, real: false }],
  ['joined', { kind: 'sos', flags: ['late'], telephoned: { call: 'pbx/1', line: '95009', number: null, at: '2026-03-14T09:26:00Z' } }, { kind: 'joined', signal: 'sos', text: '', called: null, real: false, late: true, telephoned: { call: 'pbx/1', line: '95009', number: null, at: '2026-03-14T09:26:00Z' } }],
  ['call_ended', { call: 'pbx/1', cause: 16, rang_s: 4, talked_s: 61, answered_by: 3, answered_by_name: '王敏', answered: true }, { kind: 'call_ended', cause: 16, rangS: 4, talkedS: 61, by: 3, byName: '王敏', answered: true }],
  ['call_ended', { cause: null, rang_s: 12, answered: false }, { kind: 'call_ended', cause: null, rangS: 12, talkedS: null, by: null, byName: '', answered: false }],
  ['reply', { meaning: 'later', text: '晚点' }, { kind: 'reply', meaning: 'other', text: '晚点', unverified: false, takes: false }],
  ['offered', { to: 3, to_name: '薛琳' }, { kind: 'offered', to: 3, name: '薛琳' }],
  ['reassigned', { to: 3, to_name: '薛琳', taken_from: '王敏', reason: '下班' }, { kind: 'reassigned', to: 3, name: '薛琳', from: '王敏', reason: '下班' }],
  ['told', { names: ['甲', '乙'], kind: 'alarm_raised' }, { kind: 'told', names: ['甲', '乙'], message: 'alarm_raised', byItself: false }],
  ['told', { names: ['甲'], kind: 'can_you_go', by_itself: true }, { kind: 'told', names: ['甲'], message: 'can_you_go', byItself: true }],
  ['telling_ended', { reason: 'nobody_left' }, { kind: 'telling_ended', reason: 'nobody_left' }],
  ['closed', { outcome: 'emergency', safe_by: '甲', safe_where: '医院', note: '' }, { kind: 'closed', outcome: 'emergency', safeBy: '甲', safeWhere: '医院', note: '', wanted: '' }],
  ['taken', { taken_from: null, not_made: ['duty'] }, { kind: 'taken', from: '', spared: ['duty'] }],
  ['following', { until: '2026-03-14T09:46:00Z' }, { kind: 'following', until: '2026-03-14T09:46:00Z' }],
  ['follow_up', { late: true, name: '王敏' }, { kind: 'follow_up', late: true }],
  ['duty_told', { numbers: 1, passed: ['supervisors'] }, { kind: 'duty_told', numbers: 1, passed: ['supervisors'] }],
  ['escalated', { step: 'supervisors', reached: 2, passed: [], over: false }, { kind: 'escalated', step: 'supervisors', reached: 2, passed: [], over: false }],
  ['not_written', { command: 'take', code: 'taken_by_other', note: '王敏' }, { kind: 'other', code: 'not_written', note: '王敏' }],
  ['not_written', { command: 'text', code: 'left_needless', note: '1' }, { kind: 'other', code: 'text_left', note: '1' }],
  ['tomorrow', { note: 'new' }, { kind: 'other', code: 'tomorrow', note: '' }],
])('reads "%s"', (kind, data, told) => {
  expect(readEntry(entry(one, 1, { kind: kind as TimelineView['kind'], data }))).toEqual(told)
})

it('names whom an entry is about', () => {
  expect(concernedIn(entry(one, 1, { kind: 'step', data: { contact_id: 4, contact_name: '周晓梅' } }))).toEqual({
    contactId: 4, residentId: null, name: '周晓梅',
  })
})
