/** Times of the site's clock in fields of a form, wherever the browser stands. Pure. */

function parts(at: number, timeZone: string | undefined): Record<string, string> {
  const written = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return Object.fromEntries(written.formatToParts(at).map(({ type, value }) => [type, value]))
}

/** For `datetime-local`: 2026-11-12T09:30. */
export function asField(at: string | number, timeZone: string | undefined): string {
  const { year, month, day, hour, minute } = parts(typeof at === 'number' ? at : Date.parse(at), timeZone)
  return `${year}-${month}-${day}T${hour}:${minute}`
}

/** The day of the site, for `date`: 2026-11-12. */
export const dayOf = (at: string | number, timeZone: string | undefined) => asField(at, timeZone).slice(0, 10)

/** The moment that a field means, as ISO; an empty one is refused by the form before. */
export function fromField(text: string, timeZone: string | undefined): string {
  const guess = Date.parse(`${text}:00Z`)
  // twice: the first guess may lie on the other side of a change of the clock
  const once = guess - offsetAt(guess, timeZone)
  return new Date(guess - offsetAt(once, timeZone)).toISOString()
}

function offsetAt(at: number, timeZone: string | undefined): number {
  return Date.parse(`${asField(at, timeZone)}:00Z`) - Math.floor(at / 60_000) * 60_000
}
