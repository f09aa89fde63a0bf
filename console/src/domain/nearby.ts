/** What lies around a home, as an operator needs it. Pure. */

/** The nearest of every kind; `points` come in the order of their distance. */
export function nearestOfEachKind<P extends { kind: string }>(points: readonly P[]): P[] {
  const known = new Set<string>()
  return points.filter(({ kind }) => !known.has(kind) && known.add(kind))
}
