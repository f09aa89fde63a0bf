import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'

import { useIncidents } from '@/stores/incidents'
import { fillBrowser, foreignWords, logIn, show } from '@/testing/pages'
import { incident, person } from '@/testing/views'

import Modal from './Modal.vue'

beforeEach(async () => {
  setActivePinia(createPinia())
  fillBrowser()
  await logIn()
})

it.each([['zh-CN', '沈玉兰'], ['en', 'Shen Yulan']] as const)('a dialog says in %s who calls meanwhile, and is quiet again', async (language, name) => {
  const { wrapper, missing } = show(Modal, language, { props: { title: 'x' } })
  const line = () => wrapper.find('dialog [data-test=waiting-line]')
  expect(line().exists()).toBe(false)
  const board = useIncidents()
  const calls = incident({ card: { ...incident().card, people: [person()] } })
  board.applyUpserts([calls, incident({ opened_at: '2026-11-22T04:59:00Z' })], [])
  await flushPromises()
  expect(line().text()).toContain(name)
  expect(line().text()).toContain('2')
  if (language === 'en') expect(foreignWords(line().text(), '')).toEqual([])
  board.applyUpserts(board.ringing.map((each) => ({ ...each, version: 2, state: 'taken' as const, taken_by: 2 })), [])
  await flushPromises()
  expect(line().exists()).toBe(false)
  expect(missing).toEqual([])
})
