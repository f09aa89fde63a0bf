/** Elements that lie on the map: alarms as real buttons, points of interest, the label of the selected door. */

import type { ActiveDot } from '../dots'
import { signElement } from '../points'

/** An alarm: focusable, and its name says what its colour says. */
export function alarmButton(onSelect: () => void): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.addEventListener('click', (event) => {
    event.stopPropagation()
    onSelect()
  })
  return button
}

export function dressAlarm(button: HTMLButtonElement, dot: ActiveDot, name: string, current: boolean): void {
  const classes = button.className.split(' ').filter((c) => c && !c.startsWith('dot'))
  button.className = [...classes, 'dot', `dot--${dot.state}`].join(' ')
  button.setAttribute('aria-label', name)
  button.title = name
  if (current) button.setAttribute('aria-current', 'true')
  else button.removeAttribute('aria-current')
  button.replaceChildren()
  if (dot.count > 1) {
    const count = document.createElement('span')
    count.className = 'dot__count'
    count.textContent = String(dot.count)
    button.append(count)
  }
}

/** A point of interest: its sign and its name. */
export function pointElement(kind: string, name: string): HTMLDivElement {
  const element = document.createElement('div')
  element.className = 'point'
  const text = document.createElement('span')
  text.className = 'point__name'
  text.textContent = name
  element.append(signElement(kind), text)
  return element
}

export function renamePoint(element: HTMLElement, name: string): void {
  const text = element.querySelector('.point__name')
  if (text) text.textContent = name
}

/** The flag that names the door on the lit slab. */
export function doorFlag(text: string): HTMLDivElement {
  const element = document.createElement('div')
  element.className = 'door-flag'
  element.setAttribute('aria-hidden', 'true')
  const plate = document.createElement('span')
  plate.className = 'door-flag__plate'
  plate.textContent = text
  element.append(plate)
  return element
}
