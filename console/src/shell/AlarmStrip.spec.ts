import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { useIncidents } from '@/stores/incidents'
import { useWish } from '@/stores/wish'
import { fillBrowser, foreignWords, logIn, show } from '@/testing/pages'
import { incident, person } from '@/testing/views'

import AlarmStrip from './AlarmStrip.vue'

const older = incident({ opened_at: '2026-11-22T04:10:00Z', card: { ...incident().card, people: [person()] } })

describe('on a page without the queue', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn()
  })
  afterEach(() => document.body.replaceChildren())

  it('nothing stands while nobody waits', () => {
    expect(show(AlarmStrip, 'en').wrapper.find('[data-test=alarm-strip]').exists()).toBe(false)
  })

  it.each([['zh-CN', '沈玉兰'], ['en', 'Shen Yulan']] as const)('whoever waits longest stands in %s, with how many more', async (language, name) => {
    const { wrapper, missing } = show(AlarmStrip, language)
    useIncidents().applyUpserts([incident({ opened_at: '2026-11-22T04:12:00Z' }), older], [])
    await flushPromises()
    expect(wrapper.text()).toContain(name)
    expect(wrapper.text()).toMatch(/1/)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
  })

  it('whoever it is is opened and taken at the seat by T', async () => {
    const { wrapper, router } = show(AlarmStrip, 'en')
    router.addRoute({ path: '/', name: 'seat', component: { render: () => null }, meta: { nav: 'seat.nav', queue: true } })
    useIncidents().applyUpserts([older], [])
    await flushPromises()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 't', bubbles: true }))
    expect(useWish().grant()).toEqual({ id: older.id, take: true })
    await wrapper.find('[data-test=to-queue]').trigger('click')
    expect(useWish().grant()).toEqual({ id: older.id, take: false })
  })

  it('T leads to it whoever may look but not work', async () => {
    await logIn({ actions: ['see_incidents'] })
    const { wrapper, router } = show(AlarmStrip, 'en')
    router.addRoute({ path: '/', name: 'seat', component: { render: () => null }, meta: { nav: 'seat.nav', queue: true } })
    useIncidents().applyUpserts([older], [])
    await flushPromises()
    expect(wrapper.find('[data-test=strip-take]').exists()).toBe(false)
    expect(wrapper.get('[data-test=to-queue] kbd').text()).toBe('T')
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 't', bubbles: true }))
    expect(useWish().grant()).toEqual({ id: older.id, take: false })
  })

  it('it leaves when somebody has taken it', async () => {
    const { wrapper } = show(AlarmStrip, 'en')
    const board = useIncidents()
    board.applyUpserts([older], [])
    board.applyUpserts([{ ...older, version: 2, state: 'taken', taken_by: 2 }], [])
    await flushPromises()
    expect(wrapper.find('[data-test=alarm-strip]').exists()).toBe(false)
  })
})
