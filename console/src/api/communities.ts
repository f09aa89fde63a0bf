/** Communities: tiles of the district, dots of a part of the map, everybody of one community, and who lived there on a day. */
import { get, lookUp } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Tile = Schemas['Tile']
export type Dot = Schemas['Dot']
export type AlarmDot = Schemas['AlarmDot']
export type Dots = Schemas['Dots']
export type PersonLine = Schemas['PersonLine']
export type PeoplePage = Schemas['PeoplePage']
export type PersonClass = Schemas['PersonClass']
export type Concern = Schemas['Concern']
export type Headcount = Schemas['Headcount']
export type PastPage = Schemas['PastPage']
export type PastLine = Schemas['PastLine']
export type FactKind = Schemas['FactKind']
export type Deadline = Schemas['Deadline']

/** A part of the map in degrees, and how high a cell is in which homes become one dot. */
export interface Box {
  west: number
  south: number
  east: number
  north: number
  cell: number
}

export interface AskedPeople {
  q: string
  of: readonly PersonClass[]
  concerns: readonly Concern[]
}

export interface AskedDay {
  region_id: number
  day: string
  kind?: FactKind
  value?: string
}

const PAGE = 100

export const fetchTiles = () => get<Tile[]>('/communities')
export const fetchDots = (box: Box) => get<Dots>('/communities/dots', { ...box })

/** Words that are typed travel in the body; without any it is a reading with every class by name. */
export function fetchPeople(regionId: number, asked: AskedPeople, after: string | null): Promise<PeoplePage> {
  return lookUp<PeoplePage>('/communities/people', { region_id: regionId, q: asked.q, of: asked.of, concerns: asked.concerns, after, limit: PAGE })
}

export const fetchHeadcount = (asked: AskedDay) => get<Headcount>('/residents/as-of/headcount', { ...asked })
export const fetchPeopleOn = (asked: AskedDay, after: string | null) => get<PastPage>('/residents/as-of', { ...asked, after, limit: PAGE })
export const fetchDeadline = (day: string, workdays: number) => get<Deadline>('/calendar/deadline', { from_day: day, workdays })
