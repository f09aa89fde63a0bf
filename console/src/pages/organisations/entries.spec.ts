import { describe, expect, it } from 'vitest'

import type { Facility, Staff } from '@/api/around'

import { bodyOf, formOf, hasEnded, isChangedForm, readAddress, writeAddress } from './entries'

const canteen = { id: 3, kind: 'canteen', name: '食堂', name_en: '', operator_id: 9, region_id: 7, lat: 40, lng: 104, area_m2: null, beds: 0, hours: '8:00-18:00', level: '', functions: ['station'], until_day: null, version: 4 } as unknown as Facility

describe('an entry', () => {
  it('is sent whole, with the version that was seen', () => {
    const form = formOf('facilities', canteen, null)
    expect(isChangedForm('facilities', form, canteen, null)).toBe(false)
    expect(bodyOf('facilities', { ...form, beds: '6' }, canteen)).toEqual({
      name: '食堂', kind: 'canteen', operator_id: 9, region_id: 7, lat: 40, lng: 104, beds: 6, hours: '8:00-18:00', functions: ['station'], version: 4,
    })
    expect(isChangedForm('facilities', { ...form, until_day: '2026-01-01' }, canteen, null)).toBe(true)
  })

  it('begins in the region that the list is narrowed to, and is unchanged while it is empty', () => {
    const form = formOf('staff', null, 7)
    expect(form.region_id).toBe(7)
    expect(isChangedForm('staff', form, null, 7)).toBe(false)
  })

  it.each([[null, false], ['2026-03-14', true], ['2026-03-15', false]])('that ends on %s is over: %s', (active_until, is) => {
    expect(hasEnded({ active_until } as Staff, '2026-03-14')).toBe(is)
  })
})

it('an address keeps what a list is narrowed by, and nothing that the list has not', () => {
  const asked = { what: 'staff', kind: 'driver', region: 7, ended: true, open: 3 } as const
  expect(readAddress(writeAddress(asked) as Record<string, string>)).toEqual(asked)
  expect(readAddress({ what: 'staff', kind: 'canteen', region: 'x' })).toEqual({ what: 'staff', kind: '', region: null, ended: false, open: null })
})
