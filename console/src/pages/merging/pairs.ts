/** What two records that may be one are called, and which rows stand in the way of undoing. Pure. */
import type { HomePair, ResidentPair } from '@/api/doubles'

export type Side = ResidentPair['one'] | HomePair['one']

/** In Chinese and English. */
export function calledBy(side: Side): [string, string] {
  return 'name' in side ? [side.name, side.name_latin] : [side.address, side.address_en]
}

/** `contact:12`, `contact:13`, `home:7` as “contact 12, 13; home 7”. */
export function rowsInWords(rows: readonly string[], tableInWords: (table: string) => string): string {
  const byTable = new Map<string, string[]>()
  for (const row of rows) {
    const [table = '', id = ''] = row.split(':')
    byTable.set(table, [...(byTable.get(table) ?? []), id])
  }
  return [...byTable].map(([table, ids]) => `${tableInWords(table)} ${ids.join(', ')}`).join('; ')
}
