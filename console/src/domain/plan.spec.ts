import { expect, it } from 'vitest'

import type { PlanStep, Standing, StepType } from '@/api/plans'
import type { ContactView } from '@/api/profile'

import { choicesOf, contactOf, undoneSteps } from './plan'

const step = (type: StepType, more: Partial<PlanStep> = {}): PlanStep => ({ id: 'a', type, text: '', text_en: '', ...more })
const question = step('question', { answers: [{ text: '是', text_en: '' }, { text: '否', text_en: '' }] })

it.each([
  [step('instruction'), ['1 done', '0 skipped']],
  [question, ['1 1', '2 2']],
  [step('call', { whom: 'resident' }), ['1 reached', '2 no_answer', '3 busy', '0 skipped']],
  [step('call', { whom: 'number' }), ['1 reached', '2 no_answer', '3 busy', '0 skipped']],
  [step('call', { whom: 'ambulance' }), ['1 done', '2 no_answer', '0 skipped']],
  [step('text'), ['1 done', '0 skipped']],
  [step('send'), ['1 done', '0 skipped']],
  [step('wait'), ['1 done']],
])('offers at %o what can be done, each with its key', (of, keys) => {
  expect(choicesOf(of).map(({ key, answer }) => `${key} ${answer}`)).toEqual(keys)
})

it('means the contact of that rank of whoever pressed', () => {
  const contact = (id: number, resident: number, rank: number) => ({ id, resident_id: resident, rank }) as ContactView
  const all = [contact(1, 8, 1), contact(2, 9, 1), contact(3, 9, 2)]
  expect(contactOf(all, 1, 9)?.id).toBe(2)
  expect(contactOf(all, 1, null)?.id).toBe(1)
  expect(contactOf(all, 2, 8)?.id).toBe(3)
  expect(contactOf(all, 3, 9)).toBeNull()
})

it('names what was not done in the order of the server, and nothing that is gone', () => {
  const standing = { undone: ['b', 'gone', 'a'] } as unknown as Standing
  expect(undoneSteps([step('text'), step('send', { id: 'b' })], standing).map(({ id }) => id)).toEqual(['b', 'a'])
})
