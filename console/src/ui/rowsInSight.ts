/** Of a long table the rows that are in sight, and how much room those before and behind them take. Pixels. Pure. */

export interface InSight {
  first: number
  /** Behind the last. */
  last: number
  before: number
  behind: number
}

export function rowsInSight(heights: readonly number[], from: number, to: number): InSight {
  let top = 0
  let first = 0
  while (first < heights.length && top + heights[first]! <= from) top += heights[first++]!
  let last = first
  let bottom = top
  while (last < heights.length && bottom < to) bottom += heights[last++]!
  let behind = 0
  for (let at = last; at < heights.length; at++) behind += heights[at]!
  return { first, last, before: top, behind }
}
