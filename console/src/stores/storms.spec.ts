import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'

import { powerless, storm } from '@/testing/storms'

import { dropEverything } from './holding'
import { useIncidents } from './incidents'
import { useStorms } from './storms'

beforeEach(() => setActivePinia(createPinia()))

it('keeps the newest of each storm until it is settled', () => {
  const storms = useStorms()
  storms.replace([storm({ version: 2 })])
  storms.apply([storm({ version: 1, kind: 'tamper' }), storm({ id: 'other' })])
  expect(storms.shown.map(({ id, kind }) => [id, kind])).toEqual([['storm-1', 'power_fail'], ['other', 'power_fail']])
  storms.apply([storm({ version: 3, settled_at: '2026-11-22T05:00:00Z' })])
  expect(storms.shown.map(({ id }) => id)).toEqual(['other'])
  dropEverything()
  expect(storms.shown).toEqual([])
})

it('counts a storm as one line', () => {
  useIncidents().applyUpserts([...Array.from({ length: 180 }, () => powerless()), powerless({ kind: 'tamper' }), powerless({ signal_class: 'alarm', kind: 'sos' })], [])
  const storms = useStorms()
  expect([storms.lineCount, storms.technicalLines]).toEqual([182, 181])
  storms.replace([storm()])
  expect([storms.lineCount, storms.technicalLines]).toEqual([3, 2])
})
