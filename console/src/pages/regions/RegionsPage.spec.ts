import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, remember, show, type Sent } from '@/testing/pages'

import RegionsPage from './RegionsPage.vue'
import routes from './routes'

const standard = { ring: 'all', unproved_s: 3, supervisors_s: 15, duty_s: 30, again_s: 60, horizon_s: 14_400, warning_s: 15, critical_s: 30 }
const city = { id: 1, parent_id: null, path: [1], level: 'city', name: '榆州', name_en: 'Yuzhou', code: '620900000000' }
const street = { id: 2, parent_id: 1, path: [1, 2], level: 'street', name: '榆荫街道', name_en: 'Yuyin Street', code: '620902001000' }
const grid = { id: 3, parent_id: 2, path: [1, 2, 3], level: 'grid', name: '第一网格', name_en: 'Grid 1', code: null }
const settings = { sms_policy: null, contact_policy: null, next_contact_s: null, follow_min: null, service_due_s: null, storm_alarms: null, hotline: null, ambulance_number: null, fire_number: null, police_number: null, sms_signature: null, sms_signature_en: null }
const above = { sms_policy: 'at_once', contact_policy: 'one_by_one', next_contact_s: 180, follow_min: 20, service_due_s: 600, storm_alarms: 10, hotline: '', ambulance_number: '120', fire_number: '119', police_number: '110', sms_signature: '', sms_signature_en: '', duty_numbers: [] }
const night = { days: [1, 2, 3, 4, 5, 6, 7], begins: '20:00', ends: '08:00' }
const view = {
  region_id: 2, state: 'one', policies: {}, above: Object.fromEntries(['0', '1', '2'].map((n) => [n, standard])), duty_numbers: ['+8613900000001'], duty_above: [],
  duty_phones: { '+8613900000001': { name: 'Night', shifts: [night] } }, duty_now: [{ number: '+8613900000001', name: 'Night', until: '2026-11-22T00:00:00Z' }], settings, settings_above: above,
}
const codes = [{ code: '620902001000', from_day: '2026-01-01', until_day: null }, { code: '620999001000', from_day: null, until_day: '2026-01-01' }]
const changes = [{ at: '2026-11-22T03:00:00Z', what: 'region_changed', name: '韦国强', name_en: 'Wei Guoqiang', before: { name: 'Old', parent_id: 1, duty_phones: {} }, after: { name: 'New', parent_id: 2, duty_phones: { '+8613900000001': { shifts: [night] } } }, fields: [] }]
const everything = {
  'GET /regions': [city, street, grid], 'GET /regions/2/escalation': view, 'GET /regions/2/codes': codes, 'GET /regions/2/changes': changes, 'PATCH /regions/2/escalation': { ...view, state: 'two' }, 'PATCH /regions/2': street,
  'POST /regions': { ...grid, id: 4, name: '新社区' }, 'GET /regions/4/escalation': { ...view, region_id: 4 }, 'GET /regions/3/escalation': { ...view, region_id: 3, duty_now: [] }, 'GET /regions/3/codes': [], 'GET /regions/3/changes': [],
}
let sent: Sent[]

async function page(language: 'zh-CN' | 'en' = 'en', answers: Record<string, unknown> = everything, address = '/regions') {
  sent = remember(answers)
  const shown = show(RegionsPage, language)
  await shown.router.push(address)
  await flushPromises()
  return shown
}

describe('regions', () => {
  eachInAFreshBrowser({ actions: ['manage_users', 'manage_escalation'], grants: [{ role: 'administrator', region_id: 2 }] })

  it.each(['zh-CN', 'en'] as const)('shows in %s a code to come, which can be withdrawn before', async (language) => {
    const planned = [{ code: '621002001000', from_day: '2999-01-01', until_day: null }, { code: '620902001000', from_day: null, until_day: '2999-01-01' }]
    const { wrapper, missing } = await page(language, { ...everything, 'GET /regions/2/codes': planned })
    expect(wrapper.findAll('[data-test=code-withdraw]')).toHaveLength(1)
    expect(wrapper.findAll('[data-test=region-code]')[0]!.text()).toContain('2999-01-01 –')
    await wrapper.get('[data-test=code-withdraw]').trigger('click')
    await wrapper.get('[data-test=code-withdraw-sure]').trigger('click')
    await flushPromises()
    expect(sent.map(({ path }) => path)).toEqual(['DELETE /regions/2/codes/to-come'])
    expect(missing).toEqual([])
  })

  it.each(['zh-CN', 'en'] as const)('shows in %s the own part of the tree, its codes with their time and who would be called now', async (language) => {
    const { wrapper, missing } = await page(language)
    expect(wrapper.findAll('[data-test=region-row]')).toHaveLength(2)
    expect(wrapper.findAll('[data-test=region-code]').map((each) => each.text())[1]).toContain('– 2026-01-01')
    expect(wrapper.get('[data-test=duty-now]').text()).toContain('Night')
    expect(wrapper.get('[data-test=log-entry]').text()).toContain(language === 'en' ? 'every day 20:00–08:00 until the next day' : '每天 20:00–08:00 到次日')
    expect(wrapper.get('[data-test=log-entry]').text()).toContain(language === 'en' ? 'Yuzhou → Yuyin Street' : '榆州 → 榆荫街道')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [])).toEqual([])
  })

  it('sends of name, code and place only what differs, and the day of a new code', async () => {
    const { wrapper } = await page()
    await wrapper.get('#region-code-from').setValue('2026-02-01')
    expect(wrapper.get('[data-test=region-save]').attributes('disabled')).toBeDefined()
    await wrapper.get('#region-code').setValue('621002001000')
    await wrapper.get('[data-test=region-save]').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ path: 'PATCH /regions/2', body: { code: '621002001000', code_from: '2026-02-01' } }])
  })

  it.each([['twelve', {}], ['zeros', { after: 9 }], ['grid', {}]])('says in words that a code is wrong: %s', async (reason, params) => {
    const refused = new Response(JSON.stringify({ error: { code: 'region_code', message: '', params: { reason, ...params } } }), { status: 422 })
    const { wrapper, missing } = await page('en', { ...everything, 'PATCH /regions/2': refused })
    await wrapper.get('#region-code').setValue('6')
    await wrapper.get('[data-test=region-save]').trigger('submit')
    await flushPromises()
    expect(wrapper.get('[data-test=region-refused]').text()).not.toBe('')
    expect(missing).toEqual([])
  })

  it('adds a region and opens it', async () => {
    const { wrapper, router } = await page('en', { ...everything, 'GET /regions': [city, street, grid, { ...grid, id: 4, path: [1, 2, 4], name_en: 'New' }] })
    await wrapper.get('#new-region-name').setValue('新社区')
    await wrapper.get('details form').trigger('submit')
    await flushPromises()
    expect(sent[0]).toEqual({ path: 'POST /regions', body: { parent_id: 2, level: 'community', name: '新社区', name_en: '' } })
    expect(router.currentRoute.value.query).toEqual({ region: '4' })
  })

  it('keeps the duty list with its shifts, and says where nobody would be called', async () => {
    const { wrapper } = await page()
    await wrapper.get('input[name=ends]').setValue('07:00')
    await wrapper.get('[data-test=calling-save]').trigger('click')
    await flushPromises()
    expect(sent[0]!.body).toEqual({ state: 'one', duty_phones: { '+8613900000001': { name: 'Night', shifts: [{ ...night, ends: '07:00' }] } } })
    const other = await page('en', everything, '/regions?region=3')
    expect(other.wrapper.find('[data-test=duty-nobody-now]').exists()).toBe(true)
  })

  it('waits for an office that is away, and stands in the menu of administrators', async () => {
    const { wrapper } = await page('en', { ...everything, 'GET /regions': away() })
    expect(wrapper.find('[data-test=office-away]').exists()).toBe(true)
    expect(routes[0]?.meta).toMatchObject({ nav: 'regions.nav', action: 'manage_users' })
  })
})
