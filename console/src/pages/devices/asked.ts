/** What the list of devices is asked for, as the address has it: a page that is sent to somebody shows them the same. */
import type { LocationQuery } from 'vue-router'

import type { Standing } from '@/api/devices'

export const STANDINGS: readonly Standing[] = ['stock', 'issued', 'attached', 'silent', 'low', 'in_test', 'faulty']
export const KINDS = ['pendant', 'bedside_button', 'elder_phone', 'fall_detector', 'smoke_detector', 'hub', 'other'] as const

export interface Filters {
  q: string
  region: string
  kind: string
  standing: string
}

const one = (value: LocationQuery[string] | undefined) => (typeof value === 'string' ? value : '')

/** Whatever else an address says is left out. */
export function filtersOf(query: LocationQuery): Filters {
  const kind = one(query.kind)
  const standing = one(query.standing)
  return {
    q: one(query.q),
    region: /^\d+$/.test(one(query.region)) ? one(query.region) : '',
    kind: KINDS.some((each) => each === kind) ? kind : '',
    standing: STANDINGS.some((each) => each === standing) ? standing : '',
  }
}

/** The device that lies open; null: none. */
export function openOf(query: LocationQuery): number | null {
  const id = Number(one(query.id))
  return Number.isSafeInteger(id) && id > 0 ? id : null
}

/** Without what is not asked for. */
export function queryOf(filters: Filters, open: number | null): Record<string, string> {
  const parts = Object.entries({ ...filters, id: open === null ? '' : String(open) })
  return Object.fromEntries(parts.filter(([, value]) => value !== ''))
}
