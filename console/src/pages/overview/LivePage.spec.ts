import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { useIncidents } from '@/stores/incidents'
import { useSeats } from '@/stores/seats'
import { fillBrowser, foreignWords, logIn, refusal, serve, show } from '@/testing/pages'
import { incident, person } from '@/testing/views'

import LivePage from './LivePage.vue'

const level = (seconds: number, permille: number, decided: number, met: number, reached: boolean | null) => ({ seconds, permille, decided, met, reached })
const levels = [level(15, 900, 4, 4, true), level(20, 950, 4, 4, true), level(60, 975, 40, 38, false), level(180, 990, 0, 0, null)]
const figures = {
  at: '2026-11-22T04:12:00Z', midnight: '2026-11-21T16:00:00Z', timezone: 'Asia/Shanghai', now_minutes: 60, service_now: levels, service_today: levels, longest_waiting: null,
  late: [], late_count: 3, open: [], today: { alarms: 41, closed: 40, outcomes: { emergency: 2 }, technical: 0, service: 0 }, requests: { open: 4, waiting: 3, late: 2 },
}
const seat = (user_id: number, name: string, name_en: string, armed: boolean) => ({ user_id, name, name_en, armed, region_ids: [1], state: armed ? 'ready' as const : 'off' as const, pause: null, since: null })
const [wang, li] = [seat(7, '王敏', 'Wang Min', true), seat(8, '李强', 'Li Qiang', true)]

describe('the live page', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn({ actions: ['see_incidents', 'work_incidents', 'see_figures'] })
    useSeats().seats = [wang, li, seat(9, '赵一鸣', 'Zhao Yiming', false)]
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each([['en', 'below target'], ['zh-CN', '未达标']] as const)('says in %s in a word which target is missed', async (language, missed) => {
    serve({ '/live': figures })
    const { wrapper, missing } = show(LivePage, language)
    await flushPromises()
    expect(wrapper.get('[data-test=level-60]').text()).toContain('95.0 %')
    expect(wrapper.get('[data-test=level-60]').text()).toContain(missed)
    expect(wrapper.get('[data-test=late-now]').text()).toBe('3')
    expect(wrapper.get('[data-test=requests]').text()).toMatch(/^4 · .*2/)
    expect(wrapper.findAll('[data-test=seat-row]')).toHaveLength(3)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.html(), [])).toEqual([])
  })

  it('gives a taken alarm to whoever is on duty, with the reason', async () => {
    const card = { ...incident().card, people: [person()] }
    const taken = incident({ state: 'taken', taken_by: 7, taken_by_name: '王敏', card })
    useIncidents().applyUpserts([taken, incident({ card })], [])
    serve({ '/live': figures, [`/incidents/${taken.id}/reassign`]: { ...taken, version: 2, taken_by: 8, taken_by_name: '李强' } })
    const { wrapper } = show(LivePage, 'en')
    await flushPromises()
    expect(wrapper.findAll('[data-test=reassign]')).toHaveLength(1) // not what waits: whoever is free takes it
    await wrapper.get('[data-test=reassign]').trigger('click')
    const choices = wrapper.findAll('input[type=radio]')
    expect(choices).toHaveLength(1) // neither who has it, nor who is not on duty
    await choices[0]!.setValue(true)
    expect(wrapper.get('[data-test=reassign-give]').attributes('disabled')).toBeDefined()
    await wrapper.get('[data-test=reassign-reason]').setValue('off shift')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(useIncidents().byId.get(taken.id)?.taken_by_name).toBe('李强')
    expect(wrapper.find('form').exists()).toBe(false)
  })

  it.each(['zh-CN', 'en'] as const)('shows an official in %s the ground of their communities, and nobody on it', async (language) => {
    await logIn({ actions: ['see_figures'], grants: [{ role: 'official', region_id: 2 }] })
    const region = (id: number, level: string, name: string, name_en: string) => ({ id, level, name, name_en, path: [1, 2, id] })
    const regions = [region(2, 'district', '澄溪区', 'Chengxi'), region(6, 'community', '榆荫里社区', 'Yuyinli'), region(7, 'community', '槐荫社区', 'Huaiyin')]
    serve({ '/live': figures, '/regions': regions, '/regions/': refusal(404, 'not_found') })
    const { wrapper, missing } = show(LivePage, language)
    await flushPromises()
    expect(wrapper.findAll('[data-test=ground-choice] option').map((each) => each.text())).toEqual(language === 'en' ? ['Yuyinli', 'Huaiyin'] : ['榆荫里社区', '槐荫社区'])
    expect(wrapper.find('[data-test=seat-row]').exists()).toBe(false)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
  })
})
