/** Contacts of a home in the order in which they are asked. Pure. */
import type { ContactView } from '@/api/profile'
import type { FromMemory } from '@/api/wire'

/** One person at one number; `ids` are the contacts they are, `residentIds` whose. */
export interface Reachable extends ContactView {
  ids: number[]
  residentIds: number[]
}

/** The contacts among the numbers that the server remembers; what it does not remember is empty. */
export const remembered = ({ numbers }: FromMemory): ContactView[] => numbers.flatMap(({ contact_id, rank, ...known }) =>
  contact_id === null || rank === null ? [] : [{ ...known, id: contact_id, rank, version: 0, distance: '', far_away: false, reachable: '', language: '', english: {} }])

/** Contacts of `first` come first, each list by rank; the same number under the same name is one person. */
export function mergeContacts(contacts: readonly ContactView[], first: number | null): Reachable[] {
  const order = (contact: ContactView) => (contact.resident_id === first ? 0 : 1)
  const sorted = [...contacts].sort((a, b) => order(a) - order(b) || a.resident_id - b.resident_id || a.rank - b.rank)
  const merged = new Map<string, Reachable>()
  for (const contact of sorted) {
    const key = `${contact.phone} ${contact.name}`
    const known = merged.get(key)
    if (!known) merged.set(key, { ...contact, ids: [contact.id], residentIds: [contact.resident_id] })
    else {
      known.ids.push(contact.id)
      known.residentIds.push(contact.resident_id)
      known.has_key ||= contact.has_key
    }
  }
  return [...merged.values()]
}

/** What is known of the contacts so far, by any of their ids. */
export interface Tried {
  /** Calls that the operator has made. */
  calls: ReadonlyMap<number, { result: string; count: number }>
  /** Last answers by text. */
  replies: ReadonlyMap<number, string>
}

export type Because = 'untried' | 'hours' | 'near' | 'key' | 'rank'

/** Whom to call next, and what speaks for them. */
export interface Next {
  contact: Reachable
  because: readonly Because[]
}

const HOURS = /(\d{1,2})[:：]?(\d{2})?\s*[点时]?\s*[-–~～至到]\s*(\d{1,2})[:：]?(\d{2})?/
const MINUTES = 60

/** Whether the hours that are written ("18:00-22:00", "8点至20点", over midnight too) hold at this minute of the day; null: none are. */
export function within(reachable: string, minute: number): boolean | null {
  const found = HOURS.exec(reachable)
  if (!found) return null
  const at = (hour: string | undefined, rest: string | undefined) => Number(hour) * MINUTES + Number(rest ?? 0)
  const from = at(found[1], found[2])
  const until = at(found[3], found[4])
  return from <= until ? from <= minute && minute < until : minute >= from || minute < until
}

/** Who was not tried before who was, who can be reached now, is near, has a key; then by rank. Who has answered by text or was
 * reached is not called again: null where nobody is left. `minute` of the day at the site. */
export function nextContact(contacts: readonly Reachable[], tried: Tried, minute: number): Next | null {
  const of = <T>(known: ReadonlyMap<number, T>, contact: Reachable) => contact.ids.map((id) => known.get(id)).findLast((value) => value !== undefined)
  const left = contacts
    .map((contact, rank) => ({ contact, rank, call: of(tried.calls, contact), hours: within(contact.reachable, minute) }))
    .filter(({ contact, call }) => call?.result !== 'reached' && !['yes', 'no'].includes(of(tried.replies, contact) ?? ''))
  const worth = ({ contact, call, hours, rank }: (typeof left)[number]) => [call?.count ?? 0, hours === false ? 1 : 0, contact.far_away ? 1 : 0, contact.has_key ? 0 : 1, rank]
  const first = left.sort((a, b) => before(worth(a), worth(b)))[0]
  if (!first) return null
  const because: Because[] = []
  if (!first.call) because.push('untried')
  if (first.hours) because.push('hours')
  if (first.contact.has_key) because.push('key')
  if (!first.contact.far_away && first.contact.distance) because.push('near')
  return { contact: first.contact, because: because.length ? because : ['rank'] }
}

const before = (a: readonly number[], b: readonly number[]) => a.map((value, place) => value - b[place]!).find((difference) => difference !== 0) ?? 0
