import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { useCalling } from '@/regional/calling'
import { away, eachInAFreshBrowser, foreignWords, refusal, remember, show, type Sent } from '@/testing/pages'

import PoliciesPage from './PoliciesPage.vue'
import routes from './routes'

const standard = { ring: 'all', unproved_s: 3, supervisors_s: 15, duty_s: 30, again_s: 60, horizon_s: 14_400, warning_s: 15, critical_s: 30 }
const root = { id: 1, parent_id: null, path: [1], level: 'root', name: '全市', name_en: 'All' }
const street = { id: 2, parent_id: 1, path: [1, 2], level: 'street', name: '榆荫街道', name_en: 'Yuyin Street' }
const other = { id: 3, parent_id: 1, path: [1, 3], level: 'street', name: '槐荫街道', name_en: 'Huaiyin Street' }
const view = {
  region_id: 2, state: 'one', policies: {}, above: Object.fromEntries(['0', '1', '2'].map((n) => [n, standard])),
  duty_numbers: ['+8613900000001', '+8613900000002'], duty_above: ['+8613900000009'], duty_phones: {}, duty_now: [],
  settings: { sms_policy: null, contact_policy: 'all_at_once', next_contact_s: null, follow_min: null, service_due_s: null, storm_alarms: null, hotline: null, ambulance_number: null, fire_number: null, police_number: null, sms_signature: null, sms_signature_en: null },
  settings_above: { sms_policy: 'at_once', contact_policy: 'one_by_one', next_contact_s: 180, follow_min: 20, service_due_s: 600, storm_alarms: 10, hotline: '', ambulance_number: '120', fire_number: '119', police_number: '110', sms_signature: '', sms_signature_en: '', duty_numbers: [] },
}
const changes = [
  { at: '2026-11-22T03:00:00Z', what: 'escalation_changed', name: '林晓雯', name_en: 'Lin Xiaowen', before: { settings: { contact_policy: null }, policies: {} }, after: { settings: { contact_policy: 'all_at_once' }, policies: { 1: { duty_s: 45 } } }, fields: [] },
  { at: '2026-11-21T03:00:00Z', what: 'region_changed', name: '赵一鸣', name_en: 'Zhao Yiming', before: {}, after: {}, fields: ['hotline'] },
]
const step = { event: 'rings', after_s: 0, at: '2026-11-22T04:00:00Z', people: [{ name: '林晓雯', name_en: 'Lin Xiaowen', number: '' }], nobody: false, one_of: false, waits_for_operator: false }
const ladder = {
  now: '2026-11-22T04:00:00Z', region_id: 2, home_id: 5, priority: 1, again_s: 60,
  steps: [
    step, { ...step, event: 'contacts', people: [{ name: '沈岚', name_en: 'Shen Lan', number: '139****0001' }] },
    { ...step, event: 'supervisors', after_s: 15, people: [], nobody: true },
    { ...step, event: 'duty', after_s: 15, people: [{ name: '', name_en: '', number: '+8613900000009' }] },
  ],
}
let sent: Sent[]

const refused = (code: string, params: object) => new Response(JSON.stringify({ error: { code, message: '', params } }), { status: 422 })
const everything = {
  'GET /regions': [root, street, other], 'GET /regions/2/escalation': view, 'GET /regions/2/changes': changes, 'GET /regions/3/changes': [], 'GET /regions/3/escalation': { ...view, region_id: 3, duty_numbers: [] },
  'PATCH /regions/2/escalation': { ...view, state: 'two' }, 'POST /escalation/foresee': ladder,
  'POST /residents/search': { items: [{ home_id: 5, name: '沈玉兰', name_latin: 'Shen Yulan', address: '榆荫里7-2-501', address_en: 'Yuyinli 7-2-501' }] },
  'POST /homes/search': { items: [{ id: 5, address: '榆荫里7-2-501', address_en: '' }, { id: 6, address: '榆荫里7-2-502', address_en: 'Yuyinli 7-2-502' }] },
}

async function page(language: 'zh-CN' | 'en' = 'en', answers: Record<string, unknown> = everything) {
  sent = remember(answers)
  const shown = show(PoliciesPage, language)
  await flushPromises()
  return shown
}

const numbers = (wrapper: VueWrapper) => wrapper.findAll('.duty input[type=tel]').map((each) => (each.element as HTMLInputElement).value)

describe('who is called when', () => {
  eachInAFreshBrowser({ actions: ['manage_escalation', 'see_profiles'], grants: [{ role: 'supervisor', region_id: 2 }, { role: 'operator', region_id: 1 }, { role: 'supervisor', region_id: 3 }] })

  it.each([['en', 'supervisors after 15 s'], ['zh-CN', '15 秒通知班长']] as const)('says in %s what holds without a word of the region', async (language, said) => {
    const { wrapper, missing } = await page(language)
    expect(wrapper.find('[data-test=inherited-1]').text()).toContain(said)
    expect(wrapper.findAll('#policy-region option').map((each) => each.attributes('value'))).toEqual(['2', '3'])
    await wrapper.find('[data-test=now-ask]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=ladder]').exists()).toBe(true)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [])).toEqual([])
  })

  it('gives a priority times of its own and saves only them', async () => {
    const { wrapper } = await page()
    await wrapper.find('[data-test=priority-1] input[type=checkbox]').setValue(true)
    await wrapper.find('#policy-1-duty_s').setValue('45')
    expect(wrapper.find('[data-test=unsaved]').exists()).toBe(true)
    await wrapper.find('[data-test=policy-save]').trigger('click')
    await flushPromises()
    expect(sent.at(-1)).toEqual({ path: 'PATCH /regions/2/escalation', body: { state: 'one', policies: { 1: { ...standard, duty_s: 45 } } } })
    expect(wrapper.find('[data-test=unsaved]').exists()).toBe(false)
  })

  it('says at the field why a time is refused, and goes there', async () => {
    const { wrapper } = await page('en', { ...everything, 'PATCH /regions/2/escalation': refused('policy_hole', { priority: 1, field: 'again_s', reason: 'bounds', least: 30, most: 1_800 }) })
    await wrapper.find('[data-test=priority-1] input[type=checkbox]').setValue(true)
    await wrapper.find('#policy-1-again_s').setValue('5')
    await wrapper.find('[data-test=policy-save]').trigger('click')
    await flushPromises()
    expect(wrapper.find('#policy-1-again_s-note').text()).toContain('between 30 s and 30 min')
    expect(document.activeElement?.id).toBe('policy-1-again_s')
    expect((wrapper.find('#policy-1-again_s').element as HTMLInputElement).value).toBe('5')
  })

  it('moves a duty phone by the keyboard, says so, and keeps the focus on it', async () => {
    const { wrapper } = await page()
    await wrapper.findAll('.duty input[type=tel]')[1]!.trigger('keydown', { key: 'ArrowUp', altKey: true })
    await flushPromises()
    expect(numbers(wrapper)).toEqual(['+8613900000002', '+8613900000001'])
    expect((document.activeElement as HTMLInputElement).value).toBe('+8613900000002')
    expect(wrapper.find('.duty [role=status]').text()).toContain('number 1 of 2')
  })

  it('names the number that is refused beside it', async () => {
    const { wrapper } = await page('en', { ...everything, 'PATCH /regions/2/escalation': refused('duty_not_mobile', { number: '0571-88886666', place: 2 }) })
    await wrapper.find('[data-test=duty-add]').trigger('click')
    await wrapper.findAll('.duty input[type=tel]')[2]!.setValue('0571-88886666')
    await wrapper.find('[data-test=policy-save]').trigger('click')
    await flushPromises()
    expect(wrapper.find('#duty-problem').text()).toContain('0571-88886666 cannot be texted')
    expect((document.activeElement as HTMLInputElement).value).toBe('0571-88886666')
  })

  it('asks before another region takes the place of what is not saved, and leaves the page without a question', async () => {
    const { wrapper } = await page()
    await wrapper.find('[data-test=duty-add]').trigger('click')
    await wrapper.find('#policy-region').setValue('3')
    expect(wrapper.find('dialog').exists()).toBe(true)
    expect(useCalling().regionId).toBe(2)
    wrapper.unmount()
    const again = (await page()).wrapper
    expect(numbers(again)).toEqual(['+8613900000001', '+8613900000002', ''])
    await again.find('#policy-region').setValue('3')
    await again.find('[data-test=drop-draft]').trigger('click')
    await flushPromises()
    expect(numbers(again)).toEqual([])
    expect(again.find('[data-test=duty-above]').text()).toContain('+8613900000009')
  })

  it('offers to load what somebody else has changed meanwhile', async () => {
    const { wrapper } = await page('en', { ...everything, 'PATCH /regions/2/escalation': refusal(409, 'changed_meanwhile') })
    await wrapper.find('[data-test=duty-add]').trigger('click')
    await wrapper.find('[data-test=policy-save]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[role=alert]').text()).toContain('Somebody has changed this')
    await wrapper.find('[data-test=policy-again]').trigger('click')
    await flushPromises()
    expect(numbers(wrapper)).toHaveLength(2)
  })

  it('says where nobody could be called at all', async () => {
    const { wrapper } = await page('en', { ...everything, 'GET /regions/2/escalation': { ...view, duty_numbers: [], duty_above: [] } })
    expect(wrapper.find('[data-test=duty-nobody]').exists()).toBe(true)
  })

  it('prints each step at this home with its time and its people', async () => {
    const { wrapper } = await page()
    await wrapper.find('#now-search').setValue('shen')
    await flushPromises()
    const places = wrapper.findAll('[data-test=now-place]')
    expect(places.map((each) => each.text())).toEqual(['Shen Yulan · Yuyinli 7-2-501', 'Yuyinli 7-2-502'])
    await places[0]!.trigger('click')
    await wrapper.find('[data-test=now-ask]').trigger('click')
    await flushPromises()
    expect(sent.at(-1)?.body).toEqual({ home_id: 5, priority: 1 })
    const lines = wrapper.findAll('[data-test=ladder] li').map((each) => each.text())
    expect(lines[0]).toMatch(/12:00:00.*\+0 s.*Lin Xiaowen/)
    expect(lines[1]).toContain('Shen Lan 139****0001')
    expect(lines[2]).toMatch(/\+15 s.*goes on at once/)
    expect(lines[3]).toContain('+8613900000009')
    expect(lines).toHaveLength(4)
  })

  it('sets how contacts are told here, and leaves what is empty to the region above', async () => {
    const { wrapper } = await page()
    expect(wrapper.find('#policy-says-sms_policy option').text()).toBe('As All: at once')
    expect(wrapper.find('#policy-says-next_contact_s-note').text()).toContain('180')
    await wrapper.find('#policy-says-contact_policy').setValue('')
    await wrapper.find('#policy-says-next_contact_s').setValue('300')
    await wrapper.find('[data-test=policy-save]').trigger('click')
    await flushPromises()
    expect(sent.at(-1)?.body).toEqual({ state: 'one', settings: { contact_policy: null, next_contact_s: 300 } })
  })

  it('sends nothing when nothing was changed', async () => {
    const { wrapper } = await page()
    await wrapper.find('#policy-region').trigger('keydown', { key: 's', ctrlKey: true })
    await flushPromises()
    expect(sent).toEqual([])
    expect(wrapper.find('[data-test=policy-refused]').exists()).toBe(false)
  })

  it('says at the field, in Chinese, what is wrong with a number to dial', async () => {
    const { wrapper } = await page('zh-CN', { ...everything, 'PATCH /regions/2/escalation': refused('policy_hole', { field: 'ambulance_number', reason: 'digits' }) })
    await wrapper.find('#policy-says-ambulance_number').setValue('急救')
    await wrapper.find('[data-test=policy-save]').trigger('click')
    await flushPromises()
    expect(wrapper.find('#policy-says-ambulance_number-note').text()).toContain('只能有数字')
    expect(document.activeElement?.id).toBe('policy-says-ambulance_number')
  })

  it('says who has changed what, before and after', async () => {
    const { wrapper, missing } = await page()
    const [first, second] = wrapper.findAll('[data-test=log-entry]').map((each) => each.text())
    expect(first).toContain('Lin Xiaowen')
    expect(first).toContain('as above → all at once')
    expect(first).toMatch(/Priority 1: First duty phone.*as above → 45/)
    expect(second).toContain('Hotline')
    expect(missing).toEqual([])
  })

  it('waits for an office that is away', async () => {
    const { wrapper } = await page('en', { ...everything, 'GET /regions/2/escalation': away() })
    expect(wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })

  it('stands in the menu of supervisors and administrators', () => {
    expect(routes[0]?.meta).toMatchObject({ nav: 'policies.nav', action: 'manage_escalation' })
  })

  it('says within how many minutes whoever asks for service is called back, and when alarms are a storm', async () => {
    const { wrapper, missing } = await page()
    expect(wrapper.find('#policy-says-service_due_s-note').text()).toContain('10')
    await wrapper.find('#policy-says-service_due_s').setValue('15')
    await wrapper.find('#policy-says-storm_alarms').setValue('0')
    await wrapper.find('[data-test=policy-save]').trigger('click')
    await flushPromises()
    expect(sent.at(-1)?.body).toEqual({ state: 'one', settings: { service_due_s: 900, storm_alarms: 0 } })
    expect(missing).toEqual([])
  })

  it.each(['en', 'zh-CN'] as const)('says in %s whose phone it is and when it is called', async (language) => {
    const { wrapper, missing } = await page(language)
    await wrapper.find('.duty input[name=whose]').setValue('夜班')
    await wrapper.find('[data-test=shift-add]').trigger('click')
    const shift = wrapper.find('[data-test=shift]')
    await shift.findAll('input[type=checkbox]')[6]!.setValue(false)
    await shift.find('input[name=begins]').setValue('20:00')
    await shift.find('input[name=ends]').setValue('08:00')
    await wrapper.find('[data-test=policy-save]').trigger('click')
    await flushPromises()
    const { duty_phones: phones } = sent.at(-1)!.body as { duty_phones: Record<string, unknown> }
    expect(phones['+8613900000001']).toEqual({ name: '夜班', shifts: [{ days: [1, 2, 3, 4, 5, 6], begins: '20:00', ends: '08:00' }] })
    expect(missing).toEqual([])
  })
})
