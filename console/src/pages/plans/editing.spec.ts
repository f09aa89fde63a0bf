import { describe, expect, it } from 'vitest'

import type { PlanStep, StepType } from '@/api/plans'

import { blankStep, emptyPlan, exitsOf, led, moved, putAfter, putBehind, retyped, targetOf, TYPES, without } from './editing'

const step = (id: string, next: string | null = null, more: Partial<PlanStep> = {}): PlanStep => ({ id, type: 'instruction', text: id, text_en: '', next, ...more })
const ids = (steps: readonly PlanStep[]) => steps.map(({ id, next }) => `${id}>${next ?? ''}`)
const question = step('q', null, { type: 'question', answers: [{ text: '是', text_en: '', next: 'a' }, { text: '否', text_en: '', next: 'b' }] })

describe('the steps of a plan', () => {
  it.each(TYPES)('begin with what a %s needs', (type) => {
    const needed: Record<StepType, Partial<PlanStep>> = {
      instruction: {}, question: { answers: [expect.anything(), expect.anything()] as never }, call: { whom: 'resident' }, text: {}, send: {}, wait: { minutes: 10 }, retry: { times: 2 },
    }
    expect(blankStep([], type)).toEqual({ id: 's1', type, text: '', text_en: '', next: null, ...needed[type] })
  })

  it('never share a name, whatever was removed before', () => {
    expect(blankStep([step('s2'), step('s3')], 'text').id).toBe('s4')
    expect(emptyPlan().steps).toHaveLength(1)
  })

  it('keep their words and what follows when they become another type', () => {
    expect(retyped({ ...question, next: 'z' }, 'wait')).toEqual({ id: 'q', type: 'wait', text: 'q', text_en: '', next: 'z', minutes: 10 })
  })

  it('are put between a step and what followed it', () => {
    expect(ids(putAfter([step('a', 'b'), step('b')], 'a', 'wait'))).toEqual(['a>s3', 's3>b', 'b>'])
    expect(ids(putAfter([question, step('a'), step('b')], 'q', 'wait'))).toEqual(['q>', 's4>', 'a>', 'b>'])
  })

  it('are put behind the exit that asked for them', () => {
    const grown = putBehind([question, step('a'), step('b')], 'q', 'answers.1', 'send')
    expect(grown.at(-1)).toMatchObject({ id: 's4', type: 'send' })
    expect(exitsOf(grown[0]!).map((exit) => targetOf(grown[0]!, exit))).toEqual(['a', 's4'])
  })

  it('hand what led to them on to what followed them when they are removed', () => {
    const call = step('c', 'b', { type: 'call', otherwise: 'a' })
    const retry = step('r', null, { type: 'retry', to: 'a' })
    const left = without([question, step('a', 'b'), step('b', 'c'), call, retry], 'a')
    expect(targetOf(left[0]!, 'answers.0')).toBe('b')
    expect(left.find(({ id }) => id === 'c')?.otherwise).toBe('b')
    expect(left.find(({ id }) => id === 'r')?.to).toBe('b')
    expect(without([step('a', 'a')], 'a')).toEqual([])
    expect(ids(without([step('a', 'b'), step('b', 'b')], 'b'))).toEqual(['a>'])
  })

  it('move one place up or down, and not beyond the ends', () => {
    const steps = [step('a'), step('b'), step('c')]
    expect(moved(steps, 'b', -1).map(({ id }) => id)).toEqual(['b', 'a', 'c'])
    expect(moved(steps, 'c', 1)).toEqual(steps)
    expect(moved(steps, 'a', -1)).toEqual(steps)
    expect(moved(steps, 'x', 1)).toEqual(steps)
  })

  it.each<[PlanStep, string[]]>([
    [step('a'), ['next']],
    [question, ['answers.0', 'answers.1']],
    [step('a', null, { type: 'call' }), ['next', 'otherwise']],
    [step('a', null, { type: 'retry' }), ['to', 'next']],
  ])('lead from %o by its exits', (of, exits) => {
    expect(exitsOf(of)).toEqual(exits)
    for (const exit of exitsOf(of)) expect(targetOf(led(of, exit, 'z'), exit)).toBe('z')
  })
})
