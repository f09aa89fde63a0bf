import { describe, expect, it } from 'vitest'

import { asField, dayOf, fromField } from './siteTimes'

describe('times of the site in a form', () => {
  it.each(['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'UTC'])('come back as they went, in %s', (zone) => {
    for (const at of ['2026-11-12T09:30:00.000Z', '2026-03-29T00:30:00.000Z', '2026-06-30T23:59:00.000Z']) expect(fromField(asField(at, zone), zone)).toBe(at)
  })

  it('are those of the site, wherever the browser stands', () => {
    expect(asField('2026-11-12T17:30:00Z', 'Asia/Shanghai')).toBe('2026-11-13T01:30')
    expect(dayOf('2026-11-12T17:30:00Z', 'Asia/Shanghai')).toBe('2026-11-13')
  })
})
