import { expect, it } from 'vitest'

import { entry, incident } from '@/testing'

import { contactCalls, contactReplies, stepsDone } from './history'
import { bare, spokenPhone } from './wording'

const one = incident()
const step = (number: number, data: Record<string, unknown>) => entry(one, number, { kind: 'step', data })

it('shows the latest result of each step and how often it was tried', () => {
  const done = stepsDone([step(2, { step: 'call_back', result: 'no_answer' }), step(3, { step: 'call_back', result: 'reached' })])
  expect(done.get('call_back')).toMatchObject({ count: 2, result: 'reached' })
})

it('knows the last call to a contact and their last answer', () => {
  const entries = [
    step(2, { step: 'contact_called', result: 'busy', contact_id: 7 }),
    entry(one, 3, { kind: 'reply', data: { contact_id: 7, meaning: 'no' } }),
    entry(one, 4, { kind: 'reply', data: { contact_id: 7, meaning: 'yes' } }),
  ]
  expect(contactCalls(entries).get(7)?.data.result).toBe('busy')
  expect(contactReplies(entries).get(7)).toBe('yes')
})

it('writes numbers as they are dialled', () => {
  expect(spokenPhone('+8613900100228')).toBe('139 0010 0228')
  expect(spokenPhone('+869998012349')).toBe('09998012349')
  expect(bare('2单元')).toBe('2')
})
