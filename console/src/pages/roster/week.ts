/** Days of a roster, and the cell in which somebody stands. Pure. Days are ISO dates of the site's calendar. */
import type { Absence, PlannedShift, RosterLine } from '@/api/duty'

const DAY_MS = 86_400_000
export const DAYS = 7

export const dayOf = (at: Date | string, timeZone: string | undefined) => new Date(at).toLocaleDateString('sv-SE', { timeZone })
export const clockOf = (at: string, timeZone: string | undefined) => new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone })

const utc = (day: string) => Date.parse(`${day}T00:00:00Z`)
export const daysOn = (day: string, n: number) => new Date(utc(day) + n * DAY_MS).toISOString().slice(0, 10)

/** 1 is Monday. */
export const weekdayOf = (day: string) => ((new Date(utc(day)).getUTCDay() + 6) % 7) + 1
export const mondayOf = (day: string) => daysOn(day, 1 - weekdayOf(day))

/** Those that begin on the day; a night belongs to the evening on which it begins. */
export const shiftsOn = (line: RosterLine, day: string, timeZone: string | undefined): PlannedShift[] => line.shifts.filter((each) => dayOf(each.begins_at, timeZone) === day)
export const absencesOn = (line: RosterLine, day: string): Absence[] => line.absences.filter((each) => each.from_day <= day && (each.until_day === null || day < each.until_day))

export interface Cell {
  row: number
  column: number
}

/** Where a key leads; null: it does not move. Column 0 is the first day. */
export function moved({ row, column }: Cell, key: string, rows: number): Cell | null {
  const to: Record<string, Cell> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    PageUp: { row: row - 10, column },
    PageDown: { row: row + 10, column },
    Home: { row, column: 0 },
    End: { row, column: DAYS - 1 },
  }
  const found = to[key]
  if (!found) return null
  return { row: Math.max(0, Math.min(rows - 1, found.row)), column: Math.max(0, Math.min(DAYS - 1, found.column)) }
}
