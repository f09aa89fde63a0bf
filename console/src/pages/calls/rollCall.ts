/** Moments between the server and the fields of a form, which know no time zone: here they stand in that of the site. */

/** `2026-03-14T09:30` at the site. */
export function toField(at: string, zone: string | undefined): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(new Date(at))
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`
}

/** Back again: the moment that reads like this at the site. */
export function fromField(typed: string, zone: string | undefined): string {
  const guess = Date.parse(`${typed}:00Z`)
  const off = Date.parse(`${toField(new Date(guess).toISOString(), zone)}:00Z`) - guess
  return new Date(guess - off).toISOString()
}
