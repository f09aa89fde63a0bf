/** A change of what a region says, line by line. Pure. */
import type { components } from '@/api/schema.gen'

export type RegionChange = components['schemas']['RegionChange']

/** `path`: where it stands, e.g. policies, 1, duty_s; a value that is null, or not there, says nothing. */
export interface Line {
  path: string[]
  before: unknown
  after: unknown
}

export function linesOf(change: RegionChange): Line[] {
  const before = new Map(leaves(change.before))
  const after = new Map(leaves(change.after))
  const lines = [...new Set([...before.keys(), ...after.keys()])].map((key) => ({ path: key.split('/'), before: before.get(key) ?? null, after: after.get(key) ?? null }))
  return lines.filter(({ before: one, after: other }) => JSON.stringify(one) !== JSON.stringify(other))
}

function leaves(value: unknown, at = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[at, value]]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, at ? `${at}/${key}` : key))
}
