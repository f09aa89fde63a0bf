import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { useWish } from '@/stores/wish'
import { fillBrowser, logIn, refusal, show } from '@/testing/pages'

import EmergencyPage from './EmergencyPage.vue'

const found = {
  home_id: 5, incident_id: null, number: null, kind: null, state: null, opened_at: null, label: '榆荫里7-2-501', label_en: 'Yuyinli 7-2-501', names: ['沈玉兰'], names_en: ['Shen Yulan'],
  region_name: '东榆', region_name_en: 'East',
}
const rings = { ...found, incident_id: 'i-1', number: 12, kind: 'sos', state: 'waiting', opened_at: '2026-11-22T04:12:00Z' }
const access = {
  id: 3, user_id: 1, user_name: '林晓雯', label: '榆荫里7-2-501', home_id: 5, reason: 'paramedic asks', opened_at: new Date().toISOString(),
  ends_at: new Date(Date.now() + 890_000).toISOString(), ended_at: null, ended_by: null, ended_by_name: null, looks: [{ at: '2026-11-22T04:12:00Z', action: 'profile_seen' }],
}
const profile = {
  home: { id: 5, address: '榆荫里7-2-501', address_en: 'Yuyinli 7-2-501', access_note: '密码2580', key_note: '', english: { access_note: 'code 2580' } }, building: null,
  residents: [{ id: 6, name: '沈玉兰', name_latin: 'Shen Yulan', age: 81, sex: 'female', hazards: [], hazards_en: [], phone: '+8613900000011', medicines: '', english: {} }],
  contacts: [{ id: 8, resident_id: 6, name: '沈岚', name_latin: 'Shen Lan', relation: '女儿', phone: '+8613900000012', has_key: true, english: { relation: 'daughter' } }],
  responsible: [{ id: 1, home_id: 5, region_id: null, staff_id: 2, duty: 'key_holder', name: '李邻居', name_latin: 'Li Linju', phone: '+8613900000013', languages: [], from_day: '2020-01-01', until_day: null }],
}
let sent: { url: string; body: Record<string, unknown> }[]
let answers: Record<string, unknown>

async function page(language: 'en' | 'zh-CN' = 'en') {
  const shown = show(EmergencyPage, language)
  await flushPromises()
  return shown
}

async function search(wrapper: Awaited<ReturnType<typeof page>>['wrapper']): Promise<void> {
  await wrapper.get('[data-test=emergency-query]').setValue('沈玉兰')
  await wrapper.get('[role=search]').trigger('submit')
  await flushPromises()
}

describe('somebody outside ones regions', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn({ actions: ['see_incidents', 'work_incidents', 'see_profiles', 'break_glass'] })
    sent = []
    answers = { '/find': [found], '/emergency-access': access, '/profile': profile }
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (init.method === 'GET' && url.endsWith('/emergency-access')) return new Response(JSON.stringify([access]))
      if (init.method === 'POST') sent.push({ url, body: init.body ? JSON.parse(String(init.body)) : {} })
      const key = Object.keys(answers).find((each) => url.endsWith(each))
      const answer = key ? answers[key] : access
      return answer instanceof Response ? answer.clone() : new Response(JSON.stringify(answer))
    })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['en', 'zh-CN'] as const)('is opened in %s with a reason, never without', async (language) => {
    const { wrapper, missing } = await page(language)
    await search(wrapper)
    expect(wrapper.get('[data-test=emergency-open]').attributes('disabled')).toBeDefined()
    await wrapper.get('[data-test=emergency-reason]').setValue(' paramedic asks ')
    await wrapper.findAll('form')[1]!.trigger('submit')
    await flushPromises()
    expect(sent.at(-1)!.body).toEqual({ home_id: 5, reason: 'paramedic asks' })
    expect(wrapper.get('[data-test=sheet]').text()).toContain('2580')
    expect(missing).toEqual([])
  })

  it('goes to the alarm that rings there', async () => {
    answers['/find'] = [rings]
    const { wrapper, router } = await page()
    await search(wrapper)
    await wrapper.get('[data-test=emergency-reason]').setValue('their seats are dead')
    await wrapper.findAll('form')[1]!.trigger('submit')
    await flushPromises()
    expect(useWish().wish?.id).toBe('i-1')
    expect(router.currentRoute.value.path).toBe('/')
  })

  it('says that nobody is called so, and why something is refused', async () => {
    answers['/find'] = []
    const { wrapper } = await page()
    await search(wrapper)
    expect(wrapper.find('[data-test=emergency-nobody]').exists()).toBe(true)
    answers['/find'] = refusal(422, 'too_many_found')
    await search(wrapper)
    expect(wrapper.get('[role=alert]').text()).toContain('telephone number')
  })

  it('lists who has opened what, how long it still runs, what was looked at, and ends it', async () => {
    const { wrapper } = await page()
    const row = wrapper.get('[data-test=access]')
    expect(row.text()).toContain('15 min left')
    expect(row.text()).toContain('profile')
    await row.get('[data-test=access-end]').trigger('click')
    await flushPromises()
    expect(sent.at(-1)!.url).toContain('/emergency-access/3/end')
  })
})
