/** Figures of calls as they are written and drawn. Pure. */
import type { CallFigures, CallFiguresRow } from '@/api/callFigures'

/** Per cent with one decimal, rounded down: 39.99 is not 40.0. Empty where there is nothing to share. */
export function percent(part: number, whole: number): string {
  if (!whole) return ''
  return (Math.floor((part * 1_000) / whole) / 10).toFixed(1)
}

/** 75 s is 1:15; an hour has its hours. Empty where nothing was measured. */
export function clockOf(seconds: number | null): string {
  if (seconds === null) return ''
  const whole = Math.round(seconds)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60)]
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

export const average = (sum: number, calls: number): number | null => (calls ? sum / calls : null)

export interface Bar {
  row: CallFiguresRow
  /** Per cent of the height of the chart. */
  answered: number
  lost: number
  /** Its mark stands below: of many only some have room. */
  marked: boolean
}

/** Roughly so many marks have room below a chart. */
const MARKS = 12

/** One bar a row, the tallest as high as the chart; what waits at this moment is drawn with what is lost. */
export function barsOf(rows: readonly CallFiguresRow[]): Bar[] {
  const most = Math.max(1, ...rows.map(({ offered }) => offered))
  const every = Math.max(1, Math.ceil(rows.length / MARKS))
  return rows.map((row, at) => ({
    row,
    answered: (100 * row.answered) / most,
    lost: (100 * (row.offered - row.answered)) / most,
    marked: at % every === 0,
  }))
}

/** The row with most calls; null while there is none. */
export function busiest(rows: readonly CallFiguresRow[]): CallFiguresRow | null {
  const most = [...rows].sort((a, b) => b.offered - a.offered)[0]
  return most?.offered ? most : null
}

export type Mark = 'simulated' | 'read_back' | 'by_hand'

/** What whoever reads the figures must know of them: on what they rest besides calls that this server has seen. */
export const marksOf = (total: CallFigures): Mark[] => (['simulated', 'read_back', 'by_hand'] as const).filter((mark) => total[mark] > 0)

/** A day as a form has it, so many days before this one. */
export function dayBefore(today: string, days: number): string {
  const day = new Date(`${today}T12:00:00Z`)
  day.setUTCDate(day.getUTCDate() - days)
  return day.toISOString().slice(0, 10)
}

/** The day that it is at the site. */
export const dayAt = (now: number, timeZone: string | undefined) => new Date(now).toLocaleDateString('sv-SE', { timeZone })
