/** Where the people of a home can be called back. Pure. */
import type { Profile } from '@/api/profile'

export interface Phone {
  phone: string
  name: string
  name_latin: string
}

/** Each number once, those of whoever pressed first. */
export function phonesOf(profile: Profile | null, pressed: number | null): Phone[] {
  const residents = [...(profile?.residents ?? [])].sort((a, b) => Number(b.id === pressed) - Number(a.id === pressed))
  const found = new Map<string, Phone>()
  for (const { phone, second_phone, name, name_latin } of residents) {
    for (const number of [phone, second_phone]) if (number && !found.has(number)) found.set(number, { phone: number, name, name_latin })
  }
  return [...found.values()]
}
