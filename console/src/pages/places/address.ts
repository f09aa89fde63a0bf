/** What the address of the page says, so that a link leads there again. Typed words stay out of it: a name of a person is no address. Pure. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router'

import type { Concern, PersonClass } from '@/api/communities'

export const CLASSES: readonly PersonClass[] = [
  'extreme_poverty', 'minimum_allowance', 'no_family', 'lost_only_child', 'preferential', 'disabled', 'alone', 'dependent', 'high_risk', 'hospital', 'away', 'retired', 'party_member',
]
export const CONCERNS: readonly Concern[] = ['open_alarm', 'silent_device', 'no_device', 'no_contact', 'no_place']

export interface Asked {
  /** Code of the community; `@12` where it has none. */
  region: string
  home: number | null
  /** Who lived there on this day; empty: today's people. */
  day: string
  of: PersonClass[]
  concerns: Concern[]
  /** The whole district, also for whoever has one community only. */
  all: boolean
}

const text = (value: LocationQuery[string] | undefined) => (Array.isArray(value) ? value[0] : value) ?? ''
const words = <T extends string>(value: string, known: readonly T[]) => known.filter((each) => value.split(',').includes(each))

export function readAddress(query: LocationQuery): Asked {
  const home = text(query.home)
  const day = text(query.day)
  return {
    region: text(query.region),
    home: /^\d{1,15}$/.test(home) ? Number(home) : null,
    day: /^\d{4}-\d\d-\d\d$/.test(day) ? day : '',
    of: words(text(query.of), CLASSES),
    concerns: words(text(query.concerns), CONCERNS),
    all: text(query.all) === '1',
  }
}

export function writeAddress(asked: Asked): LocationQueryRaw {
  const { region, home, day, of, concerns, all } = asked
  return {
    ...(region && { region }),
    ...(home !== null && { home: String(home) }),
    ...(day && { day }),
    ...(of.length && { of: of.join(',') }),
    ...(concerns.length && { concerns: concerns.join(',') }),
    ...(all && { all: '1' }),
  }
}

export const wordOf = (tile: { region_id: number; code: string | null }) => tile.code ?? `@${tile.region_id}`
