/** Which residents are listed, as the address has it. Words do not stand there: they are names of people, and a browser keeps where it was. Pure. */
import type { LocationQuery } from 'vue-router'

export interface Narrowed {
  /** Id of a region; empty: all. */
  region: string
  page: number
}

const number = (value: LocationQuery[string] | undefined) => (typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value) ? value : '')

export function narrowedIn(query: LocationQuery): Narrowed {
  return { region: number(query.region), page: Number(number(query.page)) || 1 }
}

/** Without what is as usual. */
export function addressOf({ region, page }: Narrowed): Record<string, string> {
  return { ...(region && { region }), ...(page > 1 && { page: String(page) }) }
}
