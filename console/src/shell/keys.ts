/** The keyboard of the seat and of other pages. Single keys work while nothing is being typed, and can be turned off. */
import { ref } from 'vue'

export const KEYS: readonly { keys: readonly string[]; text: string }[] = [
  { keys: ['J', 'K', '↓', '↑'], text: 'move' },
  { keys: ['Enter'], text: 'open' },
  { keys: ['T'], text: 'take' },
  { keys: ['G'], text: 'next' },
  { keys: ['C'], text: 'call_back' },
  { keys: ['L'], text: 'contacts' },
  { keys: ['P'], text: 'tell_next' },
  { keys: ['A'], text: 'ambulance' },
  { keys: ['W'], text: 'worker' },
  { keys: ['S'], text: 'safe' },
  { keys: ['N'], text: 'note' },
  { keys: ['F'], text: 'follow' },
  { keys: ['H'], text: 'hand_over' },
  { keys: ['O'], text: 'other_centre' },
  { keys: ['R'], text: 'release' },
  { keys: ['I'], text: 'assign' },
  { keys: ['X'], text: 'close' },
  { keys: ['E'], text: 'make_real' },
  { keys: ['D'], text: 'wanted' },
  { keys: ['V'], text: 'photographs' },
  { keys: ['1', '…', '5'], text: 'tabs' },
  { keys: ['Q'], text: 'queue' },
  { keys: ['Shift', 'N'], text: 'by_hand' },
  { keys: ['Ctrl', 'K'], text: 'palette' },
  { keys: ['M'], text: 'announcement' },
  { keys: ['B'], text: 'storm' },
  { keys: ['Z'], text: 'take_back' },
  { keys: ['Esc'], text: 'escape' },
  { keys: ['?'], text: 'help' },
]

/** What works on every page while something rings or is told; no page may mean something else by them. */
export const EVERYWHERE: readonly string[] = ['T', 'M', '?']

interface PageKeys {
  /** The name of its route. */
  page: string
  /** The word of the page, and of each key. */
  title: string
  keys: readonly { keys: readonly string[]; text: string }[]
}

export const PAGE_KEYS: readonly PageKeys[] = [
  {
    page: 'desk',
    title: 'desk.nav',
    keys: [
      { keys: ['J', 'K', '↓', '↑'], text: 'keys.desk.move' },
      { keys: ['Enter'], text: 'keys.desk.enter' },
      { keys: ['O'], text: 'desk.act.offer' },
      { keys: ['G'], text: 'keys.desk.give' },
      { keys: ['A'], text: 'desk.act.take_away' },
      { keys: ['X'], text: 'desk.act.call_off' },
      { keys: ['W'], text: 'desk.act.note' },
      { keys: ['U'], text: 'keys.desk.unplaced' },
      { keys: ['/'], text: 'keys.desk.search' },
      { keys: ['N'], text: 'desk.act.book' },
      { keys: ['P'], text: 'desk.act.replan' },
      { keys: ['←', '→'], text: 'keys.desk.day' },
      { keys: ['Esc'], text: 'keys.desk.back' },
    ],
  },
  {
    page: 'roster',
    title: 'roster.nav',
    keys: [
      { keys: ['←', '→', '↑', '↓'], text: 'keys.roster.move' },
      { keys: ['Enter'], text: 'keys.roster.open' },
      { keys: ['N'], text: 'keys.roster.shift' },
      { keys: ['S'], text: 'keys.roster.swap' },
      { keys: ['A'], text: 'keys.roster.absence' },
    ],
  },
  {
    page: 'rounds',
    title: 'rounds.nav',
    keys: [
      { keys: ['J', 'K'], text: 'keys.rounds.move' },
      { keys: ['Enter'], text: 'keys.rounds.open' },
      { keys: ['1', '…', '4'], text: 'keys.rounds.part' },
    ],
  },
  {
    page: 'hotline',
    title: 'filing.nav',
    keys: [
      { keys: ['J', 'K'], text: 'keys.hotline.move' },
      { keys: ['Enter'], text: 'keys.hotline.open' },
      { keys: ['1', '…', '6'], text: 'keys.hotline.part' },
      { keys: ['N'], text: 'filing.hand.title' },
      { keys: ['/'], text: 'keys.hotline.note' },
      { keys: ['Esc'], text: 'keys.hotline.back' },
    ],
  },
  {
    page: 'calls',
    title: 'calls.nav',
    keys: [
      { keys: ['G'], text: 'calls.next' },
      { keys: ['C'], text: 'keys.calls.ring' },
      { keys: ['1', '…', '7'], text: 'keys.calls.result' },
      { keys: ['W'], text: 'keys.calls.note' },
      { keys: ['Esc'], text: 'calls.give_back' },
    ],
  },
]

const STORED = 'callcenter.single_keys'

export const singleKeys = ref(localStorage.getItem(STORED) !== 'off')

export function setSingleKeys(on: boolean): void {
  singleKeys.value = on
  localStorage.setItem(STORED, on ? 'on' : 'off')
}

/** Keys that may be held down to go on moving. */
const MOVING = ['j', 'k']

/**
 * The shortcut that was pressed, in lower case; null while typing, with a modifier, while it is held down, or while a dialog is open,
 * wherever the focus is: a button that is shut for a moment loses it to the page behind.
 */
export function shortcutOf(event: KeyboardEvent): string | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return null
  const target = event.target as HTMLElement
  if (target.closest('input, textarea, select, [role="menu"]') || document.querySelector('dialog[open]')) return null
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  if (key.length === 1 && !singleKeys.value) return null
  if (event.repeat && !MOVING.includes(key)) return null
  return key
}
