import { afterEach, beforeAll, describe, expect, it } from 'vitest'

import { shortcutOf } from './keys'
import { countOnce } from './twice'

beforeAll(countOnce)
afterEach(() => document.body.replaceChildren())

function put(tag: string): HTMLElement {
  return document.body.appendChild(document.createElement(tag))
}

function pressed(key: string, repeat: boolean, tag = 'button'): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, repeat, bubbles: true, cancelable: true })
  put(tag).dispatchEvent(event)
  return event
}

describe('a key that is held down', () => {
  it('means its command once, and goes on moving', () => {
    expect(shortcutOf(pressed('f', false))).toBe('f')
    expect(shortcutOf(pressed('f', true))).toBeNull()
    expect(shortcutOf(pressed('Escape', true))).toBeNull()
    expect(shortcutOf(pressed('j', true))).toBe('j')
  })

  it('means nothing to the page behind an open dialog, wherever the focus is', () => {
    put('dialog').setAttribute('open', '')
    expect(shortcutOf(pressed('Escape', false))).toBeNull()
  })

  it.each([
    ['button', true, true],
    ['input', true, true],
    ['textarea', true, false],
    ['button', false, false],
  ] as const)('presses no button again and sends no form: %s, repeated %o', (tag, repeat, dropped) => {
    expect(pressed('Enter', repeat, tag).defaultPrevented).toBe(dropped)
  })
})

describe('a double click', () => {
  function clicks(...on: HTMLElement[]): number[] {
    const heard: number[] = []
    const buttons = [...new Set(on)]
    buttons.forEach((button, index) => button.addEventListener('click', () => heard.push(index)))
    on.forEach((button, index) => button.dispatchEvent(new MouseEvent('click', { detail: index + 1, bubbles: true, cancelable: true })))
    return heard
  }

  it('does nothing to the button that has come under the pointer between its halves', () => {
    expect(clicks(put('button'), put('button'))).toEqual([0])
  })

  it('reaches the one it meant both times, and words inside it are that one', () => {
    const button = put('button')
    expect(clicks(button, button)).toEqual([0, 0])
    const word = button.appendChild(document.createElement('b'))
    button.dispatchEvent(new MouseEvent('click', { detail: 1, bubbles: true }))
    const second = new MouseEvent('click', { detail: 2, bubbles: true, cancelable: true })
    word.dispatchEvent(second)
    expect(second.defaultPrevented).toBe(false)
  })
})
