import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { useConnection } from '@/stores/connection'
import { useIncidents } from '@/stores/incidents'
import { away, fillBrowser, foreignWords, logIn, serve, show } from '@/testing/pages'
import { beat, entry, incident, person } from '@/testing/views'

import { useDesk } from './desk'
import SeatPage from './SeatPage.vue'

const one = incident({
  id: 'a', home_id: 2, resident_id: 1,
  card: { ...incident().card, people: [person()], address: '榆荫里7号楼', address_en: 'Yuyinli, Building 7', building: '7号楼', building_en: 'Building 7', entrance: '2', floor: 5, door: '501' },
})
const entries = [entry(one, 1, { kind: 'opened', data: { kind: 'sos' } })]
const resident = {
  id: 1, name: '沈玉兰', name_latin: 'Shen Yulan', sex: 'female', age: 83, risk: 'high', status: 'home', living: 'alone', ability: 'mild', welfare: ['no_family'], birth_date: null,
  phone: '+8613900001001', second_phone: null, english: {}, hearing: '', dialect: '', talk_note: '', health_note: '', medicines: '', allergies: '', hospital: '', hazards: [], hazards_en: [],
}
const contact = {
  id: 4, version: 1, resident_id: 1, rank: 1, name: '周晓梅', name_latin: 'Zhou Xiaomei', relation: '女儿', relation_en: 'daughter', phone: '+8613900100228', distance: '', far_away: true,
  has_key: true, reachable: '', sms_consent: false, language: 'zh-CN', english: {},
}
const helper = { id: 1, home_id: 2, region_id: null, staff_id: 7, duty: 'key_holder', name: '李邻居', name_latin: 'Li Linju', phone: '+8613900100229', languages: ['普通话'], from_day: '2020-01-01', until_day: null }
const profile = {
  building: null, contacts: [contact], responsible: [helper], consents: [{ resident_id: 1, purpose: 'family_texts', kind: 'refused', at: '2026-01-01T00:00:00Z' }], devices: [], home: { id: 2, english: {} }, hotline: '0999-8012349', points: [{ id: 1, kind: 'aed', name: '除颤器', name_en: 'AED in the hall', distance_m: 120, phone: null }], residents: [resident],
  settings: { sms_policy: 'on_confirm', follow_min: 45 },
}
const told = { numbers: { ambulance: '0999-120', fire: '', police: '', hotline: '0999-8012349' }, services: ['ambulance', 'fire', 'police'], needs_reason: [] }
const run = {
  plan_id: 5, version: 2, name: '缺氧', name_en: 'Oxygen', kind: 'sos', resident_id: 1, started_at: one.opened_at, other: { plan_id: 5, version: 3, name: '缺氧', name_en: 'Oxygen' },
  steps: [{ id: 'look', type: 'instruction', text: '看看', text_en: 'Look' }, { id: 'wait', type: 'wait', text: '', text_en: '', minutes: 5 }],
  standing: { current: 'look', since: one.opened_at, due_at: null, round: 2, done: [{ step: 'wait', answer: 'skipped', at: one.opened_at, by: '王' }], undone: ['wait', 'look'], answers: ['done', 'skipped'] },
}
const answers = { '/incidents/a': { incident: one, entries, messages: [], proofs: [], ...told }, '/incidents/a/plan': run, '/homes/2/profile': profile, '/homes/2/photographs': [], '/incidents': [], '/homes/dots': [], '/residents': { items: [], total: 0 } }

async function seat(language: 'zh-CN' | 'en') {
  const shown = show(SeatPage, language, { stubs: { CommunityMap: true } })
  useIncidents().applyUpserts([one], entries)
  await flushPromises()
  return shown
}

describe('the seat', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['zh-CN', 'en'] as const)('says in %s what waits while the database is away, and takes nothing that is not known for a no', async (language) => {
    serve({ ...answers, '/incidents/a': { incident: { ...one, version: 2, state: 'taken', taken_by: 1 }, entries, messages: [], proofs: [], ...told } })
    const { wrapper, missing } = await seat(language)
    useConnection().hear(beat({ database: false }))
    await flushPromises()
    for (const name of ['tell-next', 'stop-telling', 'confirm']) expect(wrapper.get(`[data-test=${name}]`).attributes('disabled')).toBeDefined()
    expect(wrapper.findAll('[data-test=texts-unknown]').map((each) => each.isVisible())).toContain(true)
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'p', bubbles: true }))
    await flushPromises()
    expect(wrapper.get('.strip--error').text()).toMatch(/数据库|database/)
    await wrapper.get('#tab-plan').trigger('click')
    expect(wrapper.get('[data-test=plan-waits]').text()).not.toBe('')
    await wrapper.get('[data-test=close]').trigger('click')
    expect(wrapper.find('dialog [data-test=texts-unknown]').exists()).toBe(true)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [answers, '中文', '林晓雯'])).toEqual([])
  })

  it.each(['zh-CN', 'en'] as const)('gives in %s the numbers that the server remembers while there is no profile, though the incident was opened before', async (language) => {
    const told = { ...answers['/incidents/a'], incident: { ...one, version: 2, state: 'taken', taken_by: 1 } }
    const own = { resident_id: 1, name: '沈玉兰', name_latin: 'Shen Yulan', phone: '+8613900001001', contact_id: null, rank: null, relation: '', relation_en: '', has_key: false, sms_consent: false }
    const known = { ...own, name: contact.name, name_latin: contact.name_latin, phone: contact.phone, contact_id: 4, rank: 1, relation: '女儿', relation_en: 'daughter', has_key: true }
    const unread = { '/homes/2/profile': away(), '/homes/2/photographs': away() }
    serve({ ...answers, ...unread, '/incidents/a': told })
    const { wrapper, missing } = await seat(language)
    expect(wrapper.find('[data-test=from-memory]').exists()).toBe(false)
    serve({ ...answers, ...unread, '/incidents/a': { ...told, from_memory: { since: one.opened_at, numbers: [own, known] } } })
    useConnection().hear(beat({ database: false }))
    await flushPromises()
    expect(wrapper.get('[data-test=from-memory]').text()).toMatch(/\d\d:\d\d/)
    expect(wrapper.get('[data-test=phones] a').attributes('href')).toBe('tel:+8613900001001')
    expect(wrapper.get('.contact__phone').attributes('href')).toBe('tel:+8613900100228')
    expect(wrapper.findAll('.contact__calls button')).toHaveLength(3)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [answers, '中文', '林晓雯'])).toEqual([])
  })

  it('offers the incident that the open one was part of', async () => {
    serve(answers)
    const { wrapper, missing } = await seat('en')
    const other = incident({ id: 'b', home_id: 2 })
    serve({ '/incidents/b': { ...answers['/incidents/a'], incident: other }, '/homes/2/profile': profile })
    useIncidents().applySnapshot([other])
    await flushPromises()
    expect(wrapper.get('[data-test=merged]').text()).toContain(`No. ${one.number} was part of No. ${other.number}`)
    await wrapper.get('[data-test=merged-open]').trigger('click')
    expect(useDesk().selectedId).toBe('b')
    expect(missing).toEqual([])
  })

  it.each(['zh-CN', 'en'] as const)('reads in %s: calm, waiting, taken, every sheet and dialog, closed', async (language) => {
    serve(answers)
    const { wrapper, missing } = show(SeatPage, language, { stubs: { CommunityMap: true } })
    const read = () => language === 'en' && expect(foreignWords(wrapper.text(), [answers, '中文', '林晓雯'])).toEqual([])
    await flushPromises()
    read()
    const board = useIncidents()
    board.applyUpserts([one], entries)
    await flushPromises()
    read()
    board.applyUpserts([{ ...one, version: 2, state: 'taken', taken_by: 1, taken_by_name: '林晓雯', taken_at: one.opened_at }], [entry(one, 2, { kind: 'taken' })])
    await flushPromises()
    for (const key of ['1', '2', '3', '4', '5', 'a', 'w', 's', 'h', 'x']) {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
      await flushPromises()
      read()
    }
    board.applyUpserts([{ ...one, version: 3, state: 'closed', outcome: 'mistaken_press', closed_at: one.opened_at }], [])
    await flushPromises()
    read()
    expect(missing).toEqual([])
  })

  it.each(['zh-CN', 'en'] as const)('shows a request for service in %s in its own part, with its time, and makes it an alarm by one key', async (language) => {
    const request = { ...one, signal_class: 'service' as const, kind: 'help', kinds: ['help'], priority: 3, call_back_by: '2026-11-22T04:22:00Z', press_count: 2 }
    serve({ ...answers, '/incidents/a': { ...answers['/incidents/a'], incident: request }, '/incidents/a/raise': { ...request, version: 3, signal_class: 'alarm', kind: 'sos', kinds: ['help', 'sos'], priority: 1, call_back_by: null, state: 'taken', taken_by: 1 } })
    const { wrapper, missing } = show(SeatPage, language, { stubs: { CommunityMap: true } })
    const board = useIncidents()
    board.applyUpserts([request], [])
    await flushPromises()
    expect(useDesk().selectedId).toBeNull() // it lays itself on nobody's desk
    const row = wrapper.find('[data-incident=a]')
    expect(row.text()).toContain('12:22')
    expect(row.text()).toContain('×2')
    await row.trigger('click')
    await flushPromises()
    const press = async (key: string) => {
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
      await flushPromises()
    }
    board.applyUpserts([{ ...request, version: 2, state: 'taken', taken_by: 1, wanted: 'meal' }], [])
    await flushPromises()
    expect(wrapper.find('[data-test=is-wanted]').exists()).toBe(true)
    await press('d')
    expect(wrapper.find('[data-test=want-meal]').exists()).toBe(true)
    await wrapper.find('dialog .btn').trigger('click')
    await flushPromises()
    await press('e')
    expect(board.byId.get('a')?.signal_class).toBe('alarm')
    expect(wrapper.find('[data-test=raise]').exists()).toBe(false)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [answers, '中文', '林晓雯'])).toEqual([])
  })

  it('opens an alarm on an empty desk, and shows a second one only in the queue', async () => {
    serve(answers)
    const { wrapper } = await seat('zh-CN')
    useIncidents().applyUpserts([incident({ id: 'b' })], [])
    await flushPromises()
    expect(useDesk().selectedId).toBe('a')
    expect(wrapper.findAll('[data-incident]')).toHaveLength(2)
  })

  it('works from the card of the alarm while the office is away, and says so where the profile would stand', async () => {
    serve({ ...answers, '/homes': away(), '/homes/2/profile': away(), '/homes/2/photographs': away(), '/homes/dots': away() })
    const { wrapper } = await seat('zh-CN')
    expect(wrapper.find('[data-test=office-away]').text()).toContain('片刻后恢复')
    expect(wrapper.find('.head').text()).toContain('沈玉兰')
    expect(wrapper.find('.place__tiles').text()).toContain('501')
    expect(wrapper.find('[data-test=take]').exists()).toBe(true)
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }))
    await flushPromises()
    expect(wrapper.find('[data-test=ambulance-card]').text()).toContain('7号楼')
  })

  it.each(['zh-CN', 'en'] as const)('enlarges the way in by one key in %s, beside the profile that stood there first', async (language) => {
    const photograph = { id: 7, building_id: 3, entrance: '2', home_id: null, kind: 'entrance', caption: '', caption_en: '', taken_on: null, width: 8, height: 6, mark: 'ab', stored_at: one.opened_at, by: null, by_en: null }
    serve({ ...answers, '/homes/2/photographs': [photograph] })
    const { wrapper, missing } = await seat(language)
    expect(wrapper.find('[data-test=photographs] img').attributes('src')).toBe('/api/v1/homes/2/photographs/7?mark=ab')
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'v', bubbles: true }))
    await flushPromises()
    expect(wrapper.find('[data-test=photograph-large]').exists()).toBe(true)
    await wrapper.find('dialog').trigger('cancel')
    expect(wrapper.find('[data-test=photograph-large]').exists()).toBe(false)
    expect(missing).toEqual([])
  })

  it('offers first to call again whoever is followed when their region usually does', async () => {
    serve(answers)
    const { wrapper } = await seat('en')
    useIncidents().applyUpserts([{ ...one, version: 2, state: 'taken', taken_by: 1, taken_at: one.opened_at }], [])
    await flushPromises()
    await wrapper.find('[data-test=follow]').trigger('click')
    const offered = wrapper.findAll('[role=menuitem]').map((each) => each.text())
    expect(offered[0]).toContain('Call again in 45 min, as usual here')
    expect(offered).toHaveLength(6)
  })

  it('takes by key what the cursor is on', async () => {
    const other = incident({ id: 'b', home_id: 9 })
    serve({ ...answers, '/incidents/b': { incident: other, entries: [], messages: [], proofs: [], ...told }, '/incidents/b/take': { ...other, version: 2, state: 'taken', taken_by: 1 } })
    const { wrapper } = await seat('en')
    const commands: string[] = []
    const before = fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (init.method === 'POST') commands.push(url)
      return before(url, init)
    })
    useIncidents().applyUpserts([other], [])
    await flushPromises()
    wrapper.find<HTMLElement>('[data-incident=b]').element.focus()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }))
    await flushPromises()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 't', bubbles: true }))
    await flushPromises()
    expect(commands[0]).toBe('/api/v1/incidents/b/take')
  })

  it.each([['zh-CN', '沈玉兰'], ['en', 'Shen Yulan']] as const)('offers in %s to take back whom it named, until it was taken back', async (language, name) => {
    serve(answers)
    const { wrapper, missing } = await seat(language)
    expect(wrapper.find('[data-test=assigned]').exists()).toBe(false)
    const assigned = entry(one, 2, { kind: 'assigned', data: { resident_id: 1, name: '沈玉兰', from_path: [] } })
    useIncidents().applyUpserts([{ ...one, version: 2, state: 'taken', taken_by: 1 }], [assigned])
    await flushPromises()
    expect(wrapper.find('[data-test=assigned]').text()).toContain(name)
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'i', bubbles: true }))
    await flushPromises()
    expect(wrapper.find('[data-test=unassign-reason]').exists()).toBe(true)
    const back = entry(one, 3, { kind: 'unassigned', data: { resident_id: 1, name: '沈玉兰', reason: '', from_path: [] } })
    useIncidents().applyUpserts([{ ...one, version: 3, state: 'taken', taken_by: 1, home_id: null }], [back])
    await flushPromises()
    expect(wrapper.find('[data-test=assigned]').exists()).toBe(false)
    expect(missing).toEqual([])
  })

  const press = async (key: string, shiftKey = false) => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true }))
    await flushPromises()
  }

  it('writes down a call by hand with Shift+N over whatever lies open, and with N where nothing does', async () => {
    serve(answers)
    const { wrapper } = await seat('en')
    await press('n')
    expect(wrapper.find('[data-test=person-search]').exists()).toBe(false)
    await press('N', true)
    expect(wrapper.find('[data-test=person-search]').exists()).toBe(true)
    wrapper.unmount()
    useIncidents().applyUpserts([{ ...one, version: 9, state: 'closed', outcome: 'test', closed_at: one.opened_at }], [])
    useDesk().shut()
    const empty = show(SeatPage, 'en', { stubs: { CommunityMap: true } })
    await flushPromises()
    await press('n')
    expect(empty.wrapper.find('[data-test=person-search]').exists()).toBe(true)
  })

  it.each(['zh-CN', 'en'] as const)('shows in %s that it is a test, which one key makes real', async (language) => {
    serve({ ...answers, '/incidents/a/make-real': { ...one, version: 3, mode: 'real', ring: 2 } })
    const { wrapper, missing } = await seat(language)
    useIncidents().applyUpserts([{ ...one, version: 2, mode: 'test' }], [])
    await flushPromises()
    expect(wrapper.find('[data-test=mode]').exists()).toBe(true)
    await press('e')
    expect(useIncidents().byId.get('a')?.mode).toBe('real')
    expect(wrapper.find('[data-test=mode]').exists()).toBe(false)
    expect(missing).toEqual([])
  })
})
