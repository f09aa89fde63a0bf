/** What hands do twice without meaning it: a key held down, a click that is double. Each counts once, on every page and in every dialog. */

/** Enter held down presses no button again, and sends no form that has opened under the finger meanwhile. */
export function dropHeldEnter(event: KeyboardEvent): void {
  const writing = (event.target as HTMLElement | null)?.tagName === 'TEXTAREA'
  if (event.key === 'Enter' && event.repeat && !writing) drop(event)
}

const PRESSED = 'button, a, label, input, select, [role]'
let first: Element | null = null

/** The second half of a double click is for what the first half hit, not for what has come under the pointer by then. */
export function dropStrayClick(event: MouseEvent): void {
  const hit = (event.target as Element).closest(PRESSED)
  if (event.detail <= 1) first = hit
  else if (hit !== first) drop(event)
}

function drop(event: Event): void {
  event.preventDefault()
  event.stopImmediatePropagation()
}

/** For as long as the page lives. */
export function countOnce(): void {
  addEventListener('keydown', dropHeldEnter, true)
  addEventListener('click', dropStrayClick, true)
}
