import { expect, it } from 'vitest'

import { beat } from '@/testing/views'

import { heard, type Outage } from './outage'

const SINCE = '2026-11-22T04:10:00Z'
const away = (parts: Parameters<typeof beat>[0] = {}) => beat({ database: false, away_since: SINCE, ...parts })

function after(...beats: ReturnType<typeof beat>[]) {
  let known: Outage | null = null
  let told = heard(known, beat())
  for (const each of beats) {
    told = heard(known, each)
    known = told.outage
  }
  return told
}

it('is nothing while all is well', () => {
  expect(after(beat(), beat())).toEqual({ outage: null, written: null })
})

it('lasts until all is written, and tells then how much that was', () => {
  const beats = [away({ kept: 2 }), away({ kept: 5 }), away({ kept: 4, database: true }), away({ kept: 6, database: true })]
  expect(after(...beats).outage).toEqual({ since: SINCE, writing: true, kept: 6, all: 7, disk: true, asOf: null })
  expect(after(...beats, beat({ now: '2026-11-22T04:20:00Z' }))).toEqual({ outage: null, written: { from: SINCE, until: '2026-11-22T04:20:00Z', count: 7 } })
})

it('believes the server where it knows of more than was heard of here', () => {
  expect(after(away({ kept: 1 }), beat({ written: 9 })).written?.count).toBe(9)
})

it('says how old people and places are where the server has started without the database', () => {
  expect(after(away({ as_of: '2026-11-22T04:09:00Z' })).outage?.asOf).toBe('2026-11-22T04:09:00Z')
})

it('begins with the first beat that says so where nothing has been kept yet', () => {
  expect(after(away({ away_since: null }), away({ away_since: null, now: '2026-11-22T04:13:00Z' })).outage?.since).toBe('2026-11-22T04:12:00Z')
})

it('says when nothing is safe from a power cut', () => {
  expect(after(away({ disk: false })).outage?.disk).toBe(false)
})
