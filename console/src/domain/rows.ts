/** Which rows of a long list are drawn: those in sight, and a few around them. Pure; all lengths in pixels. */

export interface Sight {
  /** Height of a row, and of the heading above each group. */
  row: number
  heading: number
  /** How far the list is scrolled, and how much of it is seen. */
  top: number
  height: number
}

export interface Drawn {
  from: number
  /** The first that is no longer drawn. */
  to: number
}

/** More than are in sight, so that a turn of the wheel meets rows that are there. */
const AROUND = 6

/** For each group the rows to draw. `headings`: the heights of those that are not as the others. */
export function rowsInSight(sizes: readonly number[], sight: Sight, headings: readonly (number | undefined)[] = []): Drawn[] {
  let start = 0
  return sizes.map((size, at) => {
    const first = start + (headings[at] ?? sight.heading)
    start = first + size * sight.row
    const from = Math.floor((sight.top - first) / sight.row) - AROUND
    const to = Math.ceil((sight.top + sight.height - first) / sight.row) + AROUND
    const kept = (index: number) => Math.min(size, Math.max(0, index))
    return { from: kept(from), to: kept(to) }
  })
}

/** Cards for few, one line each for many; between the two bounds it stays as it is, so that the list does not flicker. */
const CARDS_UP_TO = 6
const LINES_FROM = 9

export function showsLines(rows: number, before: boolean): boolean {
  if (rows >= LINES_FROM) return true
  return rows > CARDS_UP_TO && before
}
