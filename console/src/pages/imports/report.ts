/** What the server found in a file. Pure. */

export interface Reason {
  column: string
  code: string
  value: string
  message: string
  message_zh?: string
}

export interface BadRow {
  row: number
  reasons: Reason[]
}

export interface Report {
  total: number
  good: number
  bad: BadRow[]
}

export interface ReasonLine extends Reason {
  row: number
  /** The first reason of its row carries the row's number, spanning the others. */
  span: number
}

/** One line a reason, rows in the order of the file, at most `limit` lines. */
export function reasonLines(report: Report, limit: number): ReasonLine[] {
  const lines: ReasonLine[] = []
  for (const { row, reasons } of [...report.bad].sort((a, b) => a.row - b.row)) {
    const room = Math.min(reasons.length, limit - lines.length)
    reasons.slice(0, room).forEach((reason, i) => lines.push({ ...reason, row, span: i === 0 ? room : 0 }))
    if (lines.length >= limit) break
  }
  return lines
}

export function countReasons(report: Report): number {
  return report.bad.reduce((sum, row) => sum + row.reasons.length, 0)
}
