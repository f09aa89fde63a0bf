/** As what somebody looks after a home or a region, in the order in which they are asked for: who has the key first. Pure. */
import type { CareDuty, Responsible } from '@/api/around'

export const DUTIES: readonly CareDuty[] = ['key_holder', 'grid_worker', 'paired_neighbour', 'social_worker', 'doctor']

/** Words of languages that a reader of an English screen can read. */
export const readable = (words: readonly string[], english: boolean) => words.filter((word) => !english || !/\p{Script=Han}/u.test(word)).join(' ')

/** Those of the home before those of its regions, each by duty; one person as one thing once. */
export function inOrder(rows: readonly Responsible[]): Responsible[] {
  const rank = (row: Responsible) => (row.home_id === null ? DUTIES.length : 0) + DUTIES.indexOf(row.duty)
  const sorted = [...rows].sort((a, b) => rank(a) - rank(b))
  return sorted.filter((row, place) => sorted.findIndex((each) => each.staff_id === row.staff_id && each.duty === row.duty) === place)
}
