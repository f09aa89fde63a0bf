/** Which users are listed, as the address has it, so that a link or the back button finds the same list. Pure. */
import type { LocationQuery } from 'vue-router'

export const ROLES = ['operator', 'supervisor', 'dispatcher', 'grid_worker', 'community_worker', 'responder', 'caregiver', 'volunteer', 'provider', 'official', 'administrator', 'auditor'] as const
export type Role = (typeof ROLES)[number]
export const STANDINGS = ['active', 'blocked', 'locked', 'no_password', 'no_grant'] as const

/** Empty: any. */
export interface Filter {
  q: string
  role: string
  region: string
  standing: string
}

const FIELDS = ['q', 'role', 'region', 'standing'] as const

const one = (value: unknown) => (typeof value === 'string' ? value : '')

export function filterOf(query: LocationQuery): Filter {
  return { q: one(query.q), role: among(ROLES, query.role), region: /^\d+$/.test(one(query.region)) ? one(query.region) : '', standing: among(STANDINGS, query.standing) }
}

function among(known: readonly string[], value: unknown): string {
  return known.includes(one(value)) ? one(value) : ''
}

/** Only what is asked for; who is open stays so. */
export function addressOf(filter: Filter, user: string): Record<string, string> {
  const asked = FIELDS.filter((field) => filter[field]).map((field) => [field, filter[field]])
  return Object.fromEntries(user ? [...asked, ['user', user]] : asked) as Record<string, string>
}

/** As the server is asked. */
export function questionOf(filter: Filter, after = 0) {
  return { q: filter.q.trim(), role: filter.role, region_id: filter.region, standing: filter.standing, after: after || null }
}
