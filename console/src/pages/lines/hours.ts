/** When a line is staffed, as it is kept and as people read it. Pure. */

export interface Hours {
  weekdays: number[]
  from: string
  until: string
}

export const WEEK = [1, 2, 3, 4, 5, 6, 7] as const

export const readHours = (kept: readonly (readonly string[])[]): Hours[] =>
  kept.map(([days = '', from = '', until = '']) => ({ weekdays: [...days].map(Number), from, until }))

/** As the server takes them; what has no day is none. */
export const writeHours = (hours: readonly Hours[]) =>
  hours.filter(({ weekdays }) => weekdays.length).map(({ weekdays, from, until }) => ({ weekdays: [...weekdays].sort().join(''), from, until }))

/** Days that follow each other are written as a stretch: Mon–Fri, Sun. */
export function daysText(weekdays: readonly number[], name: (day: number) => string): string {
  const stretches: number[][] = []
  for (const day of [...weekdays].sort()) {
    const last = stretches.at(-1)
    if (last && last.at(-1) === day - 1) last.push(day)
    else stretches.push([day])
  }
  return stretches.map((each) => (each.length > 2 ? `${name(each[0]!)}–${name(each.at(-1)!)}` : each.map(name).join(', '))).join(', ')
}
