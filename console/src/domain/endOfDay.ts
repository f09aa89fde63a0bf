/** The instant at which a day ends at the site, whatever clock the browser has. Pure. */

const MINUTE_MS = 60_000

/** `day`: YYYY-MM-DD. */
export function endOfDay(day: string, zone: string | undefined): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const wall = Date.UTC(year, month - 1, date + 1)
  const once = wall - offsetMs(wall, zone)
  return new Date(wall - offsetMs(once, zone)).toISOString()
}

/** How far the clock of a zone is ahead of UTC at an instant. */
function offsetMs(at: number, zone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' }).formatToParts(at)
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value)
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
  return Math.round((wall - at) / MINUTE_MS) * MINUTE_MS
}
