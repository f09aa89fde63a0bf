import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { CallShown } from '@/api/telephone'
import { useCalls } from '@/stores/calls'
import { useConnection } from '@/stores/connection'
import { useIncidents } from '@/stores/incidents'
import { useSeats } from '@/stores/seats'
import { preferences } from '@/stores/soundDevices'
import { useWish } from '@/stores/wish'
import { call, Exchange, leg, match } from '@/testing/calls'
import { eachInAFreshBrowser, foreignWords, me, refusal, remember, show, type Sent } from '@/testing/pages'
import { incident } from '@/testing/views'

import CallBar from './CallBar.vue'
import { useLine, useTelephone } from './telephone'

const LONG = '欧阳娜仁托娅·买买提江·古丽巴哈尔·阿卜杜热合曼·司马义·艾合买提江·吐尔逊'
const PROFILE = {
  home: { id: 7, region_id: 1, address: '', address_en: '', building_id: 3, entrance: '3', floor: 2, door: '201', lat: null, lng: null, access_note: '', key_note: '', english: {}, version: 1 },
  residents: [{ id: 70, name: '王秀英', name_latin: 'Wang Xiuying', age: 83, sex: 'female', hazards: ['抗凝药'], hazards_en: ['anticoagulant'], health_note: '', hearing: '', talk_note: '请大声', english: { talk_note: 'speak up' } }],
  contacts: [{ id: 4, resident_id: 70, rank: 1, name: '沈岚', name_latin: 'Shen Lan', relation: '女儿', relation_en: 'daughter', phone: '+8613900000001', ids: [], english: {} }],
}
const ADMISSION = { exchange: true, name: 'seat-1', password: 'secret', realm: '', way: '/ws/v1/voice', kind: 'page', desk: '', desk_phones: [] }

vi.setConfig({ testTimeout: 30_000 }) // every part of the bar is opened once
eachInAFreshBrowser({ actions: [...me().actions, 'answer_calls', 'listen_in'] })
let sent: Sent[]
let exchange: Exchange

beforeEach(() => {
  preferences.tested = true
  exchange = new Exchange()
  useLine(exchange.open)
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => Promise.resolve({ getTracks: () => [], getAudioTracks: () => [] }), enumerateDevices: () => Promise.resolve([]) } })
  sent = remember({ 'GET /telephone': ADMISSION, 'GET /homes/7/profile': PROFILE })
})

const tell = (calls: CallShown[], whole = false, there = true) => useCalls().apply({ type: 'calls', calls, exchange: there, whole })
const mine = (parts: Partial<CallShown> = {}) => call({ id: 'mine', state: 'talking', taken_by: 1, answered_at: '2026-11-28T08:00:05Z', answered_by: 1, legs: [leg({ is_up: true }), leg({ role: 'operator', user_id: 1, is_up: true })], ...parts })

async function bar(language: 'zh-CN' | 'en' = 'en', folded = false, slots: Record<string, string> = {}, calm = true) {
  const shown = show(CallBar, language, { props: { folded, calm }, slots })
  useTelephone().wished = true
  tell([], true)
  await flushPromises()
  exchange.events!.registered()
  await flushPromises()
  return shown
}
const press = async (key: string, parts: KeyboardEventInit = {}, from: EventTarget = document.body) => {
  from.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...parts }))
  await flushPromises()
}

describe('the call bar', () => {
  it('is not there at a site without telephony', () => {
    expect(show(CallBar, 'en', { props: { folded: false } }).wrapper.find('[data-test=call-bar]').exists()).toBe(false)
  })

  it.each(['zh-CN', 'en'] as const)('has words for everything in %s', async (language) => {
    const { wrapper, missing } = await bar(language)
    useSeats().seats = [{ user_id: 2, name: '陈立言', name_en: 'Chen Liyan', armed: true, region_ids: [1], state: 'ready', pause: null, since: null }]
    const several = [match(), match({ whose: 'contact', relation: '女儿', relation_en: 'daughter', contact_id: 4, name: '沈岚', name_en: 'Shen Lan', risk: '' })]
    tell([
      call({ kind: 'red', matches: several }), call({ kind: 'green', caller: { raw: '', e164: null, presentation: 'withheld' } }), call({ kind: 'office', call_back_wanted: true, wanted: 1 }),
      call({ state: 'ended', taken_by: null }), mine({ state: 'held', matches: several }), call({ state: 'talking', taken_by: 2, matches: [match()] }),
    ])
    await flushPromises()
    for (const panel of ['call-pass_on', 'devices', 'missed', 'others', 'pop-search']) {
      await wrapper.find(`[data-test=${panel}]`).trigger('click')
      await flushPromises()
    }
    tell([mine({ version: 2, state: 'talking' })])
    await flushPromises()
    for (const panel of ['call-keys', 'call-add', 'call-mute']) await wrapper.find(`[data-test=${panel}]`).trigger('click')
    tell([mine({ version: 3, state: 'ended', legs: [] })], false, false)
    useTelephone().error = new Error('x')
    await flushPromises()
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.html(), [several, PROFILE])).toEqual([])
  })

  it('shows twenty who wait in order, red first, and takes the first by key, also from a field', async () => {
    const { wrapper } = await bar()
    tell([...Array.from({ length: 19 }, (_, index) => call({ id: `w${String(index).padStart(2, '0')}`, matches: [match({ name_en: LONG })] })), call({ id: 'red', kind: 'red', offered_at: '2026-11-28T09:00:00Z' })])
    await flushPromises()
    const waiting = wrapper.findAll('[data-test=waiting-call]')
    expect(waiting).toHaveLength(20)
    expect(waiting[0]!.text()).toContain('Red key')
    expect(wrapper.find('[data-test=calls-waiting]').text()).toBe('20 waiting')
    const field = document.body.appendChild(document.createElement('input'))
    await press('F2', {}, field)
    expect(sent.at(-1)!.path).toBe('POST /telephone/calls/red/take')
  })

  it('shows nothing as live that is not', async () => {
    const { wrapper } = await bar()
    useConnection().state = 'down'
    await flushPromises()
    expect(wrapper.find('[data-test=calls-stale]').exists()).toBe(true)
    expect(wrapper.get('[data-test=phone-state]').text()).toBe('Telephone: not known')
    tell([], false, false)
    await flushPromises()
    expect(wrapper.find('[data-test=phone-why]').text()).toContain('The exchange does not answer')
  })

  it('takes no call where the microphone is refused, and says why', async () => {
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => Promise.reject(new DOMException('', 'NotAllowedError')), enumerateDevices: () => Promise.resolve([]) } })
    const { wrapper } = await bar()
    tell([call()])
    await flushPromises()
    expect(wrapper.find('[data-test=call-take]').attributes('disabled')).toBeDefined()
    expect(wrapper.find('[data-test=phone-why]').text()).toContain('may not use the microphone')
  })

  it('says of a call that it was passed on only where somebody has passed it on', async () => {
    const { wrapper } = await bar()
    tell([call({ wanted: 1 })])
    await flushPromises()
    expect(wrapper.get('[data-test=for-me]').text()).toBe('Rings for you first')
    tell([call({ wanted: 1, answered_at: '2026-11-28T08:00:05Z' })], true)
    await flushPromises()
    expect(wrapper.get('[data-test=for-me]').text()).toBe('Passed on to you')
    tell([call({ wanted: 2 })], true)
    await flushPromises()
    expect(wrapper.find('[data-test=for-me]').exists()).toBe(false)
  })

  it.each(['zh-CN', 'en'] as const)('names in %s who speaks with whom, and who asks this seat', async (language) => {
    const { wrapper } = await bar(language)
    const name = language === 'en' ? 'Chen Liyan' : '陈立言'
    useSeats().seats = [{ user_id: 2, name: '陈立言', name_en: 'Chen Liyan', armed: true, region_ids: [1], state: 'ready', pause: null, since: null }]
    const theirs = { state: 'talking', taken_by: 2, answered_at: '2026-11-28T08:00:05Z' } as const
    tell([call({ ...theirs }), call({ ...theirs, taken_by: 3 })])
    await flushPromises()
    await wrapper.get('[data-test=others]').trigger('click')
    expect(wrapper.findAll('[data-test=other-call] b').map((each) => each.text())).toEqual([name, language === 'en' ? 'A colleague' : '同事'])
    tell([call({ ...theirs, legs: [leg({ is_up: true }), leg({ role: 'operator', user_id: 2, is_up: true }), leg({ role: 'colleague', user_id: 1 })] })], true)
    await flushPromises()
    expect(wrapper.findAll('[data-test=in-talk]').map((each) => each.text().split(' · ')[0])).toEqual([name])
  })

  it.each(['zh-CN', 'en'] as const)('says in %s that the duty phones have somebody', async (language) => {
    const { wrapper } = await bar(language)
    tell([call({ id: 'a', state: 'talking', given_away: true }), call({ id: 'b', state: 'talking', given_away: true })])
    await flushPromises()
    const said = wrapper.get('[data-test=calls-away]').text()
    expect(said).toContain(language === 'en' ? 'The duty phones have' : '已转值班电话')
    expect(said).toContain(language === 'en' ? 'and 1 more' : '另有 1 个')
    expect(wrapper.find('[data-test=call-take]').exists()).toBe(false)
  })

  it('opens the alarm with its call', async () => {
    const { router } = await bar()
    router.addRoute({ path: '/seat', name: 'seat', component: { render: () => null }, meta: { queue: true } })
    useIncidents().applyUpserts([incident({ id: 'i' })], [])
    tell([call({ id: 'red', kind: 'red', incident_id: 'i' })])
    await flushPromises()
    await press('F2')
    expect(useWish().wish).toEqual({ id: 'i', take: true })
    expect(router.currentRoute.value.path).toBe('/seat')
  })
})

describe('who it is', () => {
  it('stands with their profile before anybody has answered', async () => {
    const { wrapper } = await bar()
    tell([call({ matches: [match()] })])
    await flushPromises()
    expect(wrapper.find('[data-test=call-profile]').text()).toContain('anticoagulant')
    expect(wrapper.find('[data-test=call-profile]').text()).toContain('speak up')
    expect(sent).toEqual([])
  })

  it('is chosen among several with one click', async () => {
    const { wrapper } = await bar()
    tell([mine({ matches: [match(), match({ whose: 'contact', name_en: 'Shen Lan', contact_id: 4, resident_id: 70 })] })])
    await flushPromises()
    expect(wrapper.findAll('[data-test=pop-match]')).toHaveLength(2)
    expect(wrapper.find('[data-test=call-profile]').exists()).toBe(false)
    await wrapper.findAll('[data-test=pop-attach]')[1]!.trigger('click')
    await flushPromises()
    expect(sent.at(-1)).toMatchObject({ path: 'POST /telephone/calls/mine/attach', body: { whose: 'contact', contact_id: 4, home_id: 7 } })
  })

  it.each([
    [{ raw: '', e164: null, presentation: 'withheld' }, 'withholds'],
    [{ raw: '<b>12ab', e164: null, presentation: 'malformed' }, '<b>12ab'],
    [{ raw: '013912345678', e164: '+8613912345678', presentation: 'shown' }, 'Nobody on record'],
  ] as const)('of %o is asked for and searched', async (caller, said) => {
    const { wrapper } = await bar()
    tell([mine({ caller })])
    await flushPromises()
    expect(wrapper.find('[data-test=pop-nobody]').text()).toContain(said)
    await wrapper.find('[data-test=pop-search]').trigger('click')
    expect(wrapper.find('[data-test=person-search]').exists()).toBe(true)
  })

  it('is folded away while an incident lies open and a call only waits', async () => {
    const { wrapper } = await bar('en', true)
    tell([call({ matches: [match()] })])
    await flushPromises()
    expect(wrapper.find('[data-test=call-pop]').exists()).toBe(false)
    await press('F2', { shiftKey: true })
    expect(wrapper.find('[data-test=call-pop]').exists()).toBe(true)
  })
})

describe('what stands below', () => {
  it('is not moved by a call that comes while something else is done, and is by one’s own', async () => {
    const { wrapper } = await bar('en', false, {}, false)
    tell([call({ matches: [match()] })])
    await flushPromises()
    expect(wrapper.find('[data-test=call-pop]').exists()).toBe(false)
    tell([mine({ matches: [match()] })])
    await flushPromises()
    expect(wrapper.find('[data-test=call-pop]').exists()).toBe(true)
  })

  it('is not moved by a colleague who asks while an incident lies open', async () => {
    const { wrapper } = await bar('en', true)
    tell([call({ state: 'talking', taken_by: 2, matches: [match()], legs: [leg({ role: 'operator', user_id: 2, is_up: true }), leg({ role: 'colleague', user_id: 1 })] })])
    await flushPromises()
    expect(wrapper.find('[data-test=own-call]').exists()).toBe(true)
    expect(wrapper.find('[data-test=call-pop]').exists()).toBe(false)
  })
})

describe('a call of one’s own', () => {
  it('is held, resumed, muted and hung up by key', async () => {
    await bar()
    tell([mine()])
    await flushPromises()
    await press('F4')
    tell([mine({ version: 2, state: 'held' })])
    await press('F4')
    tell([mine({ version: 3 })])
    await press('F8')
    expect(useTelephone().muted).toBe(true)
    await press('F9')
    expect(sent.map(({ path }) => path.replace('POST /telephone/calls/mine/', ''))).toEqual(['hold', 'resume', 'hang-up'])
  })

  it('is passed on, or a colleague is asked and has it, or not', async () => {
    const { wrapper } = await bar()
    useSeats().seats = [{ user_id: 2, name: LONG, name_en: LONG, armed: true, region_ids: [1], state: 'ready', pause: null, since: null }]
    tell([mine()])
    await flushPromises()
    await press('F4', { shiftKey: true })
    await wrapper.find('[data-test=consult-2]').trigger('click')
    await flushPromises()
    tell([mine({ version: 2, state: 'held', legs: [leg({ role: 'operator', user_id: 1, is_up: true }), leg({ role: 'colleague', user_id: 2, is_up: true })] })])
    await flushPromises()
    await press('F4', { shiftKey: true })
    await press('F4')
    expect(sent.map(({ path, body }) => [path.replace('POST /telephone/calls/mine/', ''), body])).toEqual([['consult', { user_id: 2 }], ['give', {}], ['take-back', {}]])
  })

  it('takes somebody else in, and keys', async () => {
    const { wrapper } = await bar()
    tell([mine({ matches: [match()] })])
    await flushPromises()
    await press('F9', { shiftKey: true })
    await wrapper.find('[data-test=add-contact-4]').trigger('click')
    await flushPromises()
    await press('F8', { shiftKey: true })
    await wrapper.find('[data-test=key-5]').trigger('click')
    await press('#', {}, wrapper.find('[data-test=key-5]').element)
    expect(sent.map(({ body }) => body)).toEqual([{ number: '+8613900000001' }, { digits: '5' }, { digits: '#' }])
  })

  it('stays when it is over, with what is asked then, until that is done', async () => {
    const { wrapper } = await bar('en', false, { afterCall: '<template #afterCall="{ call, done }"><button data-test="filed" @click="done">{{ call.id }}</button></template>' })
    tell([mine()])
    tell([mine({ version: 2, state: 'ended', legs: [] })])
    await flushPromises()
    await wrapper.find('[data-test=filed]').trigger('click')
    await flushPromises()
    expect(sent.at(-1)!.path).toBe('POST /telephone/calls/mine/wrapped-up')
    expect(wrapper.find('[data-test=call-over]').exists()).toBe(false)
  })

  it('says to what is asked after it that a number was being typed', async () => {
    const { wrapper } = await bar('en', false, { afterCall: '<template #afterCall="{ typing }"><i data-test="typing">{{ typing }}</i></template>' })
    document.body.append(wrapper.element)
    tell([mine()])
    await flushPromises()
    await press('F9', { shiftKey: true })
    wrapper.get<HTMLInputElement>('[data-test=add-number]').element.focus()
    tell([mine({ version: 2, state: 'ended', legs: [] })])
    await flushPromises()
    expect(wrapper.get('[data-test=typing]').text()).toBe('true')
    tell([mine({ id: 'next' })])
    await flushPromises()
    tell([mine({ id: 'next', version: 2, state: 'ended', legs: [] })])
    await wrapper.get('[data-test=wrapped-up]').trigger('click')
    await flushPromises()
    expect(wrapper.get('[data-test=typing]').text()).toBe('false')
  })

  it('folds what is asked after a call while an alarm rings, and keeps what was written', async () => {
    const { wrapper } = await bar('en', false, { afterCall: '<template #afterCall><input data-test="written" /></template>' })
    tell([mine()])
    tell([mine({ version: 2, state: 'ended', legs: [] })])
    await flushPromises()
    const asked = () => wrapper.get('.callbar__asked').attributes('style') ?? ''
    await wrapper.get('[data-test=written]').setValue('dumplings')
    expect(asked()).not.toContain('none')
    useIncidents().applyUpserts([incident({ id: 'a' })], [])
    await flushPromises()
    expect(asked()).toContain('none')
    await press('F2', { shiftKey: true })
    expect(asked()).not.toContain('none')
    expect(wrapper.get<HTMLInputElement>('[data-test=written]').element.value).toBe('dumplings')
  })

  it('shuts a list that has become empty', async () => {
    const { wrapper } = await bar()
    tell([call({ id: 'gone', state: 'ended' })])
    await flushPromises()
    await wrapper.get('[data-test=missed]').trigger('click')
    await wrapper.get('[data-test=put-away]').trigger('click')
    await flushPromises()
    expect(wrapper.find('.callbar__below').exists()).toBe(false)
  })

  it('shuts the trial of devices as soon as somebody waits', async () => {
    preferences.tested = false
    const { wrapper } = await bar()
    await wrapper.get('[data-test=devices]').trigger('click')
    if (!wrapper.find('[data-test=device-test]').exists()) await wrapper.get('[data-test=devices]').trigger('click')
    expect(wrapper.find('[data-test=device-test]').exists()).toBe(true)
    tell([call()])
    await flushPromises()
    expect(wrapper.find('[data-test=device-test]').exists()).toBe(false)
    expect(wrapper.get('[data-test=devices]').text()).toContain('not tried')
  })

  it('says why a command was not carried out', async () => {
    sent = remember({ 'GET /telephone': ADMISSION, 'POST /telephone/calls/mine/hold': refusal(503, 'pbx_away') })
    const { wrapper } = await bar()
    tell([mine()])
    await flushPromises()
    await wrapper.find('[data-test=call-hold]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=call-error]').exists()).toBe(true)
  })
})
