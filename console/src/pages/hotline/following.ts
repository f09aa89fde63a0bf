/** Which row of a list is worked on after the one that lies open. Pure. */

interface Row {
  id: string
}

/** The row behind it; of one that has left the list, the row that stands in its place now. At the end the list begins again; null: nothing else is left. */
export function following(rows: readonly Row[], opened: string | null, stoodAt: number): string | null {
  const at = rows.findIndex((each) => each.id === opened)
  const others = rows.filter((each) => each.id !== opened)
  const next = at >= 0 ? at : Math.max(0, stoodAt)
  return (others[next] ?? others[0])?.id ?? null
}
