/** The audit trail: who saw and who changed what, and whether it is as it was written. */
import { get, lookUp } from './http'
import type { components } from './schema.gen'

type Schemas = components['schemas']

export type AuditEntry = Schemas['AuditView']
export type AuditPage = Schemas['AuditPage']
export type AuditKind = Schemas['KindView']
export type Chain = Schemas['ChainView']
export type FoundPeople = Schemas['FoundPeople']

export type AuditFilter = {
  user_id?: number | undefined
  resident_id?: number | undefined
  action?: string | undefined
  /** Days at the site, both included. */
  from_day?: string | undefined
  to_day?: string | undefined
}

export const readTrail = (asked: AuditFilter, before: string | null) => get<AuditPage>('/audit', { ...asked, before })
export const fetchKinds = () => get<AuditKind[]>('/audit/kinds')
export const findPeople = (q: string) => lookUp<FoundPeople>('/audit/people', { q })
export const checkChain = (first: number, until: number | null) => get<Chain>('/audit/chain', { first, until })
