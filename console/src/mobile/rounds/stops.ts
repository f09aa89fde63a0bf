/** The stops of a round as they stand on the phone, with what its owner has said and the server has not heard yet. Pure. */
import type { components } from '@/api/schema.gen'

type Schemas = components['schemas']
export type PhoneRounds = Schemas['PhoneRounds']
export type PhoneRun = Schemas['PhoneRun']
export type PhoneStop = Schemas['PhoneStop']
export type PhonePair = Schemas['PhonePair']
export type Said = 'done' | 'no_answer' | 'refused' | 'away_known'

export interface Fix {
  lat: number
  lng: number
  accuracy_m: number
}

/** As the queue of the phone takes it; it gives it an id, its time and the error of its clock. */
export interface RoundCommand {
  name: 'round_visit' | 'pair_tick'
  label: string
  body: Record<string, unknown>
}

/** One that waits in the queue. */
export interface Waiting {
  name: string
  body: Record<string, unknown>
}

export interface ShownStop extends PhoneStop {
  unsent: boolean
}

/** The last word of the queue counts: it was said last. */
export function asIfSaid(stops: readonly PhoneStop[], waiting: readonly Waiting[]): ShownStop[] {
  const said = new Map<unknown, Waiting>()
  for (const each of waiting) if (each.name === 'round_visit') said.set(each.body.visit_id, each)
  return stops.map((stop) => {
    const word = said.get(stop.id)
    return word ? { ...stop, state: word.body.said as PhoneStop['state'], note: String(word.body.note ?? ''), unsent: true } : { ...stop, unsent: false }
  })
}

export interface ShownPair extends PhonePair {
  unsent: boolean
}

export function pairsAsIfSaid(pairs: readonly PhonePair[], waiting: readonly Waiting[]): ShownPair[] {
  const said = new Map(waiting.filter((each) => each.name === 'pair_tick').map((each) => [each.body.pair_id, each.body.said]))
  return pairs.map((pair) => (said.has(pair.id) ? { ...pair, said: said.get(pair.id) as PhonePair['said'], unsent: true } : { ...pair, unsent: false }))
}

/** The day of the site at this moment: a page that was opened yesterday walks today's round without a line. */
export const dayOf = (now: number, timezone: string) => new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(now)

export const left = (stops: readonly PhoneStop[]) => stops.filter((each) => each.state === 'pending').length

export interface CheckAnswer {
  item: string
  well: boolean
  note: string
}

/** A word about a stop, with where the phone was. */
export function visitCommand(stop: PhoneStop, said: Said, fix: Fix | null, more: { note?: string; answers?: readonly CheckAnswer[] } = {}): RoundCommand {
  return {
    name: 'round_visit',
    label: stop.name || stop.address,
    body: { visit_id: stop.id, said, note: more.note ?? '', answers: more.answers ?? [], ...(fix ? { fix } : {}) },
  }
}

export const tickCommand = (pair: PhonePair, said: 'well' | 'nobody'): RoundCommand => ({ name: 'pair_tick', label: pair.name || pair.address, body: { pair_id: pair.id, said } })
