import { describe, expect, it } from 'vitest'

import { barOf } from '@/domain/calls'
import { call, leg } from '@/testing/calls'

import { CALL_KEYS, wishOf } from './keys'

const ME = 1
const press = (key: string, parts: Partial<KeyboardEvent> = {}) => ({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, repeat: false, ...parts })
const shift = (key: string) => press(key, { shiftKey: true })
const own = (state: 'talking' | 'held' | 'connecting') => call({ state, taken_by: ME, legs: [leg({ role: 'caller', is_up: true }), leg({ role: 'operator', user_id: ME, is_up: true })] })
const consulting = (isUp: boolean) => call({ state: 'held', taken_by: ME, legs: [leg({ role: 'operator', user_id: ME, is_up: true }), leg({ role: 'colleague', user_id: 2, is_up: isUp })] })
const asked = call({ state: 'held', taken_by: 2, legs: [leg({ role: 'colleague', user_id: ME })] })
const waiting = call()

describe('a key', () => {
  it.each([
    ['F2', [waiting], 'take'],
    ['F2', [waiting, own('talking')], 'take'],
    ['F2', [waiting, asked], 'answer'],
    ['F4', [own('talking')], 'hold'],
    ['F4', [own('held')], 'resume'],
    ['F4', [consulting(true)], 'take_back'],
    ['F8', [own('talking')], 'mute'],
    ['F9', [own('talking')], 'hang_up'],
    ['F9', [own('connecting')], 'hang_up'],
  ] as const)('%s means what can be done', (key, calls, deed) => {
    expect(wishOf(press(key), barOf(calls, ME), ME)).toMatchObject({ deed })
  })

  it.each([
    ['F4', [consulting(false)], 'colleagues'],
    ['F4', [own('talking')], 'colleagues'],
    ['F8', [own('talking')], 'keypad'],
    ['F9', [own('talking')], 'add'],
  ] as const)('Shift+%s opens where one chooses', (key, calls, open) => {
    const wish = wishOf(shift(key), barOf(calls, ME), ME)
    if (calls[0].legs.some(({ role }) => role === 'colleague')) expect(wish).toBeNull()
    else expect(wish).toMatchObject({ open })
  })

  it('hands over to a colleague who is there', () => {
    expect(wishOf(shift('F4'), barOf([consulting(true)], ME), ME)).toMatchObject({ deed: 'give' })
  })

  it('means nothing where there is nothing to do, held down, or together with others', () => {
    const nobody = barOf([], ME)
    for (const { keys } of CALL_KEYS.filter(({ text }) => !text.endsWith('.bar'))) {
      const key = keys.at(-1)!
      expect(wishOf(press(key, { shiftKey: keys.length > 1 }), nobody, ME), keys.join('+')).toBeNull()
    }
    const bar = barOf([waiting, own('talking')], ME)
    for (const parts of [{ repeat: true }, { ctrlKey: true }, { altKey: true }, { metaKey: true }]) expect(wishOf(press('F2', parts), bar, ME)).toBeNull()
    for (const key of ['F1', 'F3', 'F5', 't', 'Enter']) expect(wishOf(press(key), bar, ME)).toBeNull()
  })

  it('that the list of keys names does something, each', () => {
    const bars = [[waiting], [own('talking')], [own('held')]].map((calls) => barOf(calls, ME))
    for (const { keys } of CALL_KEYS) {
      const pressed = press(keys.at(-1)!, { shiftKey: keys.length > 1 })
      expect(bars.some((bar) => wishOf(pressed, bar, ME) !== null), keys.join('+')).toBe(true)
    }
  })
})
