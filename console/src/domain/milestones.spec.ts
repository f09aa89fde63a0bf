import { expect, it } from 'vitest'

import { entry, incident } from '@/testing/views'

import { laterMilestones } from './milestones'

const one = incident()
const at = (second: number) => `2026-11-22T04:12:${String(second).padStart(2, '0')}Z`
const said = (second: number, kind: 'step' | 'reply' | 'closed' | 'note', data: Record<string, unknown>) => ({ ...entry(one, second, { kind, data }), at: at(second) })

it('takes the first of each and nothing that was only tried', () => {
  const entries = [
    said(2, 'step', { step: 'call_back', result: 'no_answer' }),
    said(3, 'reply', { meaning: 'no' }),
    said(4, 'reply', { meaning: 'yes', takes: true }),
    said(5, 'step', { step: 'contact_called', result: 'reached' }),
    said(6, 'reply', { meaning: 'yes' }),
    said(7, 'step', { step: 'worker_sent', result: 'done' }),
    said(8, 'step', { step: 'help_arrived', result: 'done' }),
    said(9, 'step', { step: 'safe', result: 'no_answer' }),
    said(10, 'closed', { outcome: 'emergency', safe_by: '沈岚' }),
  ]
  expect(laterMilestones({ ...one, closed_at: at(11) }, entries)).toEqual([
    { name: 'first_contact', at: at(5) },
    { name: 'help_on_site', at: at(8) },
    { name: 'safe', at: at(10) },
    { name: 'closed', at: at(11) },
  ])
})

it('has reached nothing while nothing is recorded', () => {
  expect(laterMilestones(one, [])).toEqual([])
})
