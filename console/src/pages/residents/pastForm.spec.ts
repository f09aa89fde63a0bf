import { expect, it } from 'vitest'

import type { Fact } from '@/api/past'

import { correctionOf, eventDraft, FACTS, factDraft, valuesOf } from './pastForm'

const fact = { id: 3, kind: 'disability', value: 'physical', level: '2', assessed_by: '区残联', from_day: '2020-01-01', until_day: null } as Fact

it('offers values for every kind of fact, and keeps one that nobody foresaw', () => {
  for (const kind of FACTS) expect(valuesOf(kind).length).toBeGreaterThan(0)
  expect(valuesOf('disability', '其他')).toContain('其他')
  expect(valuesOf('disability', 'visual')).toEqual(valuesOf('disability'))
})

it('takes back what it replaces and puts in what was changed', () => {
  const draft = { ...factDraft('2026-05-01', fact), level: '1' }
  expect(correctionOf(draft, 3, ' 证上是一级 ')).toEqual({ reason: '证上是一级', withdraw: [3], put: [{ ...draft, until_day: null }] })
})

it('only takes back, or only puts in', () => {
  expect(correctionOf(null, 3, '记错了人')).toMatchObject({ withdraw: [3], put: [] })
  expect(correctionOf(eventDraft('2026-05-01'), null, '')).toEqual({ reason: '', withdraw: [], put: [{ kind: 'hospital', day: '2026-05-01', proof: '' }] })
})
