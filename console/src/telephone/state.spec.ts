import { describe, expect, it } from 'vitest'

import { againIn, answerOf, isBad, isUsable, microphoneOf, shownOf, type Situation } from './state'

const well: Situation = { kind: 'page', told: true, exchange: true, onDuty: true, owner: true, line: 'registered', microphone: 'there' }

describe('what the telephone is shown as', () => {
  it.each([
    [{}, 'registered'],
    [{ told: false }, 'absent'],
    [{ exchange: false }, 'no_exchange'],
    [{ exchange: false, onDuty: false }, 'no_exchange'],
    [{ onDuty: false, line: 'off' }, 'off_duty'],
    [{ kind: 'desk', line: 'off', microphone: 'untried' }, 'desk'],
    [{ kind: 'none', line: 'off' }, 'none'],
    [{ kind: 'simulated', line: 'off', microphone: 'untried' }, 'simulated'],
    [{ kind: 'simulated', exchange: false }, 'no_exchange'],
    [{ owner: false, line: 'off' }, 'elsewhere'],
    [{ microphone: 'refused' }, 'refused'], // registered, and nobody would be heard
    [{ microphone: 'missing' }, 'missing'],
    [{ line: 'lost' }, 'lost'],
    [{ line: 'asking' }, 'connecting'],
    [{ line: 'registering' }, 'connecting'],
    [{ kind: null, line: 'asking', microphone: 'untried' }, 'connecting'],
  ] as const)('with %o: %s', (parts, shown) => {
    expect(shownOf({ ...well, ...parts })).toBe(shown)
  })

  it('is usable only as a page that is registered and heard, as a telephone on the desk, or in a demo without sound', () => {
    const all = ['absent', 'none', 'no_exchange', 'off_duty', 'elsewhere', 'refused', 'missing', 'desk', 'simulated', 'connecting', 'lost', 'registered'] as const
    expect(all.filter(isUsable)).toEqual(['desk', 'simulated', 'registered'])
    expect(all.filter((each) => isUsable(each) && isBad(each))).toEqual([])
  })
})

it('tries again ever later, and never later than a quarter of a minute', () => {
  expect([0, 1, 2, 3, 4, 5, 100].map(againIn)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
})

it.each([
  [{ byItself: true }, false, 'at_once'],
  [{ byItself: false }, false, 'ring'],
  [{ byItself: false }, true, 'ring'], // a colleague asks while something else was taken
  [null, true, 'at_once'], // the telephone was quicker than the news
  [null, false, 'wait'],
] as const)('a telephone that rings for %o, asked %s: %s', (expected, asked, answer) => {
  expect(answerOf(expected, asked)).toBe(answer)
})

it('tells a microphone that is refused from one that is not there', () => {
  expect(microphoneOf(new DOMException('', 'NotAllowedError'))).toBe('refused')
  expect(microphoneOf(new DOMException('', 'NotFoundError'))).toBe('missing')
  expect(microphoneOf('whatever')).toBe('missing')
})
