/** Contacts of a home in the order in which they are asked. Pure. */
import type { ContactView } from '@/api/profile'

/** One person at one number; `ids` are the contacts they are, `residentIds` whose. */
export interface Reachable extends ContactView {
  ids: number[]
  residentIds: number[]
}

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
