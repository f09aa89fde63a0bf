/** Who and what stands around residents: organisations, facilities, staff; who looks after whom, who may act, what was agreed to. */
import { get, lookUp, post, put, remove } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type Organisation = Schemas['OrganisationView']
export type Facility = Schemas['FacilityView']
export type Staff = Schemas['StaffView']
export type Entry = Organisation | Facility | Staff
export type Change = Schemas['Change']

/** The last word of the address of each list. */
export type What = 'organisations' | 'facilities' | 'staff'
interface Listed { organisations: Organisation; facilities: Facility; staff: Staff }

export type Responsible = Schemas['ResponsibleView']
export type CareDuty = Schemas['CareDuty']
export type Consent = Schemas['ConsentView']
export type ConsentState = Schemas['ConsentState']
export type Purpose = Schemas['Purpose']
export type Agent = Schemas['AgentView']
export type Power = Schemas['Power']
export type Wish = Schemas['WishView']
export type HeldNumber = Schemas['NumberView']

/** Rows of one answer. */
const PART = 500

/** The whole list, by id. */
export async function fetchEntries<W extends What>(what: W, narrowed: { region_id?: number | null; kind?: string | null; with_ended?: boolean } = {}): Promise<Listed[W][]> {
  const found: Listed[W][] = []
  for (;;) {
    const part = await get<Listed[W][]>(`/${what}`, { ...narrowed, after: found.at(-1)?.id ?? 0, limit: PART })
    found.push(...part)
    if (part.length < PART) return found
  }
}

export const saveEntry = <W extends What>(what: W, id: number | null, body: Record<string, unknown>) =>
  id === null ? post<Listed[W]>(`/${what}`, body) : put<Listed[W]>(`/${what}/${id}`, body)
export const fetchChanges = (what: What, id: number) => get<Change[]>(`/${what}/${id}/changes`)

/** Of a home with its regions, or of a region. */
export type Place = { home: number } | { region: number }
const pathOf = (place: Place) => ('home' in place ? `/homes/${place.home}` : `/regions/${place.region}`)

export const fetchResponsible = (place: Place, day?: string) => get<Responsible[]>(`${pathOf(place)}/responsible`, { day: day || undefined })
export const addResponsible = (place: Place, body: Schemas['ResponsibleChanges']) =>
  post<Responsible>('/responsible', { ...body, ...('home' in place ? { home_id: place.home } : { region_id: place.region }) })
export const changeResponsible = (id: number, body: Schemas['ResponsibleChanges']) => put<Responsible>(`/responsible/${id}`, body)
export const removeResponsible = (id: number) => remove(`/responsible/${id}`)

export const fetchConsents = (residentId: number) => get<Consent[]>(`/residents/${residentId}/consents`)
export const recordConsent = (residentId: number, body: Schemas['ConsentBody']) => post<Consent>(`/residents/${residentId}/consents`, body)
export const fetchAgents = (residentId: number) => get<Agent[]>(`/residents/${residentId}/agents`)
export const addAgent = (residentId: number, body: Schemas['AgentBody']) => post<Agent>(`/residents/${residentId}/agents`, body)
export const changeAgent = (id: number, body: Schemas['AgentChanges']) => put<Agent>(`/agents/${id}`, body)

export const fetchNumbers = (residentId: number) => get<HeldNumber[]>(`/residents/${residentId}/numbers`)
export const confirmNumber = (residentId: number, id: number) => post<HeldNumber>(`/residents/${residentId}/numbers/${id}/confirmed`)
export const fetchHolders = (number: string) => lookUp<HeldNumber[]>('/numbers', { q: number })

export const fetchWishes = (resident: number) => get<Wish[]>(`/residents/${resident}/wishes`)
export const addWish = (resident: number, body: Schemas['WishBody']) => post<Wish>(`/residents/${resident}/wishes`, body)
export const endWish = (wish: string, body: Schemas['WishEndBody']) => post<Wish>(`/wishes/${wish}/end`, body)
