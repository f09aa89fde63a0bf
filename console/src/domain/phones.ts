/** Where the people of a home can be called back. Pure. */
import type { Profile } from '@/api/profile'
import type { FromMemory } from '@/api/wire'

export interface Phone {
  phone: string
  name: string
  name_latin: string
}

/** Each number once, those of whoever pressed first; from memory while there is no profile. */
export function phonesOf(profile: Profile | null, pressed: number | null, memory: FromMemory | null = null): Phone[] {
  const known = profile ? ofProfile(profile) : (memory?.numbers ?? []).filter(({ contact_id }) => contact_id === null)
  const found = new Map<string, Phone>()
  for (const { phone, name, name_latin } of [...known].sort((a, b) => Number(b.resident_id === pressed) - Number(a.resident_id === pressed))) {
    if (!found.has(phone)) found.set(phone, { phone, name, name_latin })
  }
  return [...found.values()]
}

const ofProfile = ({ residents }: Profile) => residents.flatMap(({ id, phone, second_phone, name, name_latin }) =>
  [phone, second_phone].flatMap((number) => (number ? [{ resident_id: id, phone: number, name, name_latin }] : [])))
