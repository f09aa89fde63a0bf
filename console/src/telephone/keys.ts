/** The keys of calls. Function keys: they work while something is typed and above a dialog, on every page, and mean nothing else there. */
import type { CallShown } from '@/api/telephone'
import { deedsFor, type Bar, type Deed } from '@/domain/calls'

export type Wish =
  | { deed: Exclude<Deed, 'listen_in'>; call: CallShown }
  /** A part of the bar that takes the focus. */
  | { open: 'bar' | 'colleagues' | 'keypad' | 'add'; call: CallShown | null }

/** Of calls, on every page and while something is typed, at a seat with a telephone. */
export const CALL_KEYS: readonly { keys: readonly string[]; text: string }[] = [
  { keys: ['F2'], text: 'telephone.keys.take' },
  { keys: ['F4'], text: 'telephone.keys.hold' },
  { keys: ['F8'], text: 'telephone.keys.mute' },
  { keys: ['F9'], text: 'telephone.keys.hang_up' },
  { keys: ['Shift', 'F2'], text: 'telephone.keys.bar' },
  { keys: ['Shift', 'F4'], text: 'telephone.keys.colleagues' },
  { keys: ['Shift', 'F8'], text: 'telephone.keys.keypad' },
  { keys: ['Shift', 'F9'], text: 'telephone.keys.add' },
]

type Press = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey' | 'repeat'>

/** Of each key what it does to the call that is spoken with, in the order in which it is tried. */
const OWN: Readonly<Record<string, readonly Deed[]>> = {
  F4: ['take_back', 'hold', 'resume'],
  'Shift+F4': ['give'],
  F8: ['mute'],
  F9: ['hang_up'],
}
const PANELS: Readonly<Record<string, { open: 'colleagues' | 'keypad' | 'add'; needs: Deed }>> = {
  'Shift+F4': { open: 'colleagues', needs: 'pass_on' },
  'Shift+F8': { open: 'keypad', needs: 'keys' },
  'Shift+F9': { open: 'add', needs: 'add' },
}

/** What a key means now; null where it means nothing to calls. Never while it is held down. */
export function wishOf(press: Press, bar: Bar, userId: number | null): Wish | null {
  if (press.ctrlKey || press.altKey || press.metaKey || press.repeat) return null
  const key = `${press.shiftKey ? 'Shift+' : ''}${press.key}`
  const current = bar.own[0] ?? bar.joined[0] ?? null
  if (key === 'Shift+F2') return { open: 'bar', call: null }
  if (key === 'F2') return next(bar, userId)
  if (!current) return null
  const may = deedsFor(current, userId)
  const deed = OWN[key]?.find((each) => may.includes(each))
  if (deed && deed !== 'listen_in') return { deed, call: current }
  const panel = PANELS[key]
  return panel && may.includes(panel.needs) ? { open: panel.open, call: current } : null
}

/** A colleague who asks is answered before anybody new is taken. */
function next({ joined, waiting }: Bar, userId: number | null): Wish | null {
  const asks = joined.find((call) => deedsFor(call, userId).includes('answer'))
  if (asks) return { deed: 'answer', call: asks }
  return waiting[0] ? { deed: 'take', call: waiting[0] } : null
}
