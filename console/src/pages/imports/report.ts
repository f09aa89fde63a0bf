/** What the server found in a file. Pure. */

import type { ImportReason, ImportReport } from '@/api/records'

export interface ReasonLine extends ImportReason {
  row: number
  name: string
  /** The first reason of its row carries the row's number, spanning the others. */
  span: number
}

/** One line a reason, rows in the order of the file, at most `limit` lines. */
export function reasonLines(rows: ImportReport['bad'], limit: number): ReasonLine[] {
  const lines: ReasonLine[] = []
  for (const { row, name, reasons } of [...rows].sort((a, b) => a.row - b.row)) {
    const room = Math.min(reasons.length, limit - lines.length)
    reasons.slice(0, room).forEach((reason, i) => lines.push({ ...reason, row, name, span: i === 0 ? room : 0 }))
    if (lines.length >= limit) break
  }
  return lines
}

export function countReasons(report: ImportReport): number {
  return report.bad.reduce((sum, row) => sum + row.reasons.length, 0)
}
