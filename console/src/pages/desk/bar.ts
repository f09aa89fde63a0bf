/** The day of a person as a bar: where things stand on it, and which time a place on it means. Pure. */
import type { PersonDay } from '@/api/desk'

const HOUR = 3_600_000
export const QUARTER = 900_000

export interface Scale {
  from: number
  to: number
}

/** From the first to the last of shifts and tasks, in whole hours with one to spare, at least eight hours; within the day. */
export function scaleOf(day: PersonDay): Scale {
  const [begins, ends] = [Date.parse(day.begins_at), Date.parse(day.ends_at)]
  const starts = [...day.shifts, ...day.tasks].map((each) => Date.parse(each.begins_at))
  const stops = [...day.shifts, ...day.tasks].map((each) => Date.parse(each.ends_at))
  const from = Math.max(begins, Math.floor((Math.min(begins + 8 * HOUR, ...starts) - HOUR / 2) / HOUR) * HOUR)
  const to = Math.min(ends, Math.max(from + 8 * HOUR, Math.ceil((Math.max(begins + 18 * HOUR, ...stops) + HOUR / 2) / HOUR) * HOUR))
  return { from, to }
}

/** Per cent of the bar, kept on it. */
export function at(scale: Scale, moment: string | number): number {
  const time = typeof moment === 'number' ? moment : Date.parse(moment)
  return Math.min(100, Math.max(0, ((time - scale.from) / (scale.to - scale.from)) * 100))
}

/** The quarter of an hour that a part (0 to 1) of the bar means. */
export const timeAt = (scale: Scale, part: number) => Math.round((scale.from + part * (scale.to - scale.from)) / QUARTER) * QUARTER

/** Every so many hours a mark. */
export function hoursOf({ from, to }: Scale): number[] {
  const step = to - from > 14 * HOUR ? 3 * HOUR : 2 * HOUR
  const first = Math.ceil(from / HOUR) * HOUR
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, index) => first + index * step)
}

/** In which row each stands, so that none lies on another; of pieces in the order of time, in per cent, none narrower than `least`. */
export function lanesOf(pieces: readonly { left: number; width: number }[], least: number): number[] {
  const ends: number[] = []
  return pieces.map(({ left, width }) => {
    const free = ends.findIndex((end) => end <= left)
    const lane = free < 0 ? ends.length : free
    ends[lane] = left + Math.max(width, least)
    return lane
  })
}
