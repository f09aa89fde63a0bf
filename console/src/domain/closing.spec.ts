import { describe, expect, it } from 'vitest'

import { entry, incident } from '@/testing/views'

import { eachOnce, needsReason } from './closing'

const one = incident()
const step = (kind: string, result: string) => entry(one, 2, { kind: 'step', data: { step: kind, result, contact_id: null, note: '' } })
const OUTCOMES = ['emergency', 'assistance', 'mistaken_press', 'false_alarm', 'technical', 'test', 'nobody_reached']
const unexplained = (...entries: ReturnType<typeof step>[]) => OUTCOMES.filter((outcome) => needsReason(outcome, 'alarm', entries))

describe('an outcome needs a reason', () => {
  it('where it says that nothing was the matter, or that nobody knows, and nothing was recorded', () => {
    expect(unexplained()).toEqual(['mistaken_press', 'false_alarm', 'nobody_reached'])
    expect(unexplained(step('ambulance_called', 'done'))).toEqual(['mistaken_press', 'false_alarm', 'nobody_reached'])
  })

  it.each([['call_back', 'reached'], ['contact_called', 'reached'], ['worker_sent', 'done']])('no longer once %s came to %s', (kind, result) => {
    expect(unexplained(step(kind, result))).toEqual([])
  })

  it('where calls were tried in vain, unless that is what it says', () => {
    expect(unexplained(step('call_back', 'no_answer'))).toEqual(['mistaken_press', 'false_alarm'])
    expect(unexplained(step('worker_sent', 'declined'))).toEqual(['mistaken_press', 'false_alarm', 'nobody_reached'])
  })

  it('only of an alarm: a weak battery explains itself', () => {
    expect(needsReason('false_alarm', 'technical', [])).toBe(false)
  })
})

describe('the texts of a close', () => {
  it('are shown each once, with everybody who gets it', () => {
    const draft = (recipient: string, language: string, text: string) => ({ recipient, contact_id: null, contact_name: null, relation: null, relation_en: null, language, kind: 'closed_other', text })
    const drafts = [draft('139****1', 'zh-CN', '已处理'), draft('139****2', 'en', 'Closed'), draft('139****3', 'zh-CN', '已处理')]
    expect(eachOnce(drafts)).toEqual([
      { text: '已处理', language: 'zh-CN', recipients: ['139****1', '139****3'] },
      { text: 'Closed', language: 'en', recipients: ['139****2'] },
    ])
  })
})
