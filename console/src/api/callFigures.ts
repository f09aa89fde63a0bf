/** Figures of calls. */
import { atServer, get } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type CallFigures = Schemas['CallFigures']
export type CallFiguresRow = Schemas['CallFiguresRow']
export type CallFiguresView = Schemas['CallFiguresView']
export type FirstCallsView = Schemas['FirstCallsView']
export type FirstCallsRow = Schemas['FirstCallsRow']
export type CountedBy = Schemas['CountedBy']
export type LineKind = Schemas['LineKind']

/** Days of the site, both included. */
export interface Days {
  from: string
  until: string
  kind?: LineKind | ''
  line?: string
}

export const fetchCallFigures = (days: Days, by: CountedBy) => get<CallFiguresView>('/hotline/figures', { ...days, by })
export const fetchFirstCalls = (days: Days) => get<FirstCallsView>('/hotline/figures/first-calls', { ...days })

export function tableAddress(days: Days, by: CountedBy, lang: string): string {
  const said = Object.entries({ ...days, by, lang }).filter(([, value]) => value)
  return atServer(`/api/v1/hotline/figures/table?${new URLSearchParams(said)}`)
}
