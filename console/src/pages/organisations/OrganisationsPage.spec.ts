import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, remember, show, type Sent } from '@/testing/pages'

import OrganisationsPage from './OrganisationsPage.vue'
import routes from './routes'

const street = { id: 2, parent_id: 1, path: [1, 2], level: 'street', name: '榆荫街道', name_en: 'Yuyin Street', code: null }
const provider = { id: 5, kind: 'provider', name: '康乐家政', name_en: 'Kangle', uscc: null, phone: '+8631188886666', region_id: 2, parent_id: null, until_day: null, version: 1 }
const canteen = { id: 3, kind: 'canteen', name: '食堂', name_en: 'Canteen', operator_id: 5, region_id: 2, lat: 40, lng: 104, area_m2: null, beds: null, hours: '', level: '', functions: ['station'], until_day: '2020-01-01', version: 1 }
const nurse = { id: 9, name: '王芳', phone: '+8613900000007', employer_id: 5, region_id: 2, areas: [], kinds: ['nurse'], skills: [], languages: ['普通话'], vehicle: '', health_cert_until: '2020-01-01', active_from: '2020-01-01', active_until: null, version: 1 }
const changes = [{ at: '2026-11-22T03:00:00Z', name: '韦国强', name_en: 'Wei Guoqiang', before: { operator_id: null, functions: [] }, after: { operator_id: 5, functions: ['station'] } }]
const map = { region_id: 2, basemap: null, picture: null, buildings: [{ id: 1, region_id: 2, name: '7', name_en: '7', estate: '', entrances: [], footprint: [[104, 40], [104.001, 40], [104.001, 40.001], [104, 40]], floors: 6, floor_height_m: 3, lift: false }], points: [] }
const answers = {
  'GET /regions': [street], 'GET /regions/2/map': map, 'GET /organisations': [provider], 'GET /facilities': [canteen], 'GET /staff': [nurse], 'GET /organisations/5/changes': [], 'GET /facilities/3/changes': changes, 'GET /staff/9/changes': [],
}
let sent: Sent[]

async function page(query: Record<string, string>, language: 'zh-CN' | 'en' = 'en', more: Record<string, unknown> = {}) {
  sent = remember({ ...answers, ...more })
  const shown = show(OrganisationsPage, language)
  await shown.router.push({ path: '/organisations', query })
  await flushPromises()
  await flushPromises()
  return shown
}

describe('organisations, facilities and staff', () => {
  eachInAFreshBrowser({ actions: ['see_profiles', 'edit_residents', 'manage_users'] })

  it.each(['zh-CN', 'en'] as const)('are shown in %s with what they are and who has changed them', async (language) => {
    const { wrapper, missing } = await page({ what: 'facilities', open: '3', ended: '1' }, language)
    expect(wrapper.get('[data-test=entry]').text()).toContain(language === 'en' ? 'ended' : '已停止')
    expect(wrapper.get('[data-test=change]').text()).toContain(language === 'en' ? 'Run by: (nothing) → Kangle' : '运营单位：（无） → 康乐家政')
    expect(wrapper.find('[data-test=pin]').exists()).toBe(true)
    const staff = await page({ what: 'staff', open: '9' }, language)
    expect(staff.wrapper.get('[data-test=entry] .chip--warn').text()).not.toBe('')
    expect([...missing, ...staff.missing]).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text() + staff.wrapper.text(), [answers])).toEqual([])
  })

  it('have a number, written as people write it and rung from the page', async () => {
    const { wrapper } = await page({ what: 'organisations', open: '5' }, 'en', { 'PUT /organisations/5': { ...provider, version: 2 } })
    expect(wrapper.get('[data-test=entry]').text()).toContain('0311')
    expect(wrapper.get('.editor a[href="tel:+8631188886666"]').text()).toContain('0311')
    await wrapper.get('#entry-phone').setValue('0311-8888 7777')
    await wrapper.get('#entry-form').trigger('submit')
    await flushPromises()
    expect(sent[0]!.body).toMatchObject({ phone: '0311-8888 7777', kind: 'provider' })
  })

  it('take their place from the map', async () => {
    const { wrapper } = await page({ what: 'facilities', open: '3' }, 'en', { 'PUT /facilities/3': { ...canteen, version: 2 } })
    await wrapper.get('[data-test=picker] svg').trigger('keydown', { key: ' ' })
    await wrapper.get('#entry-form').trigger('submit')
    await flushPromises()
    expect(sent[0]!.path).toBe('PUT /facilities/3')
    expect(sent[0]!.body).toMatchObject({ version: 1, kind: 'canteen', operator_id: 5 })
    expect(sent[0]!.body.lat).not.toBe(40)
  })

  it('say beside the field that a code cannot be', async () => {
    const refused = new Response(JSON.stringify({ error: { code: 'uscc_check', message: '', params: {} } }), { status: 422 })
    const { wrapper, missing } = await page({ what: 'organisations', open: '0', region: '2' }, 'en', { 'POST /organisations': refused })
    await wrapper.get('#entry-name').setValue('新单位')
    await wrapper.get('#entry-uscc').setValue('91350100M000100Y34')
    await wrapper.get('#entry-form').trigger('submit')
    await flushPromises()
    expect(sent[0]!.body).toMatchObject({ kind: 'community', name: '新单位', uscc: '91350100M000100Y34', region_id: 2 })
    expect(wrapper.get('#entry-uscc-note').text()).toContain('check character')
    expect(missing).toEqual([])
  })

  it('help in further regions, which are chosen and taken out again', async () => {
    const grid = { ...street, id: 3, parent_id: 2, path: [1, 2, 3], name: '第一网格', name_en: 'Grid 1' }
    const { wrapper, missing } = await page({ what: 'staff', open: '9' }, 'en', { 'GET /regions': [street, grid], 'PUT /staff/9': { ...nurse, areas: [3], version: 2 } })
    expect(wrapper.findAll('[data-test=add-area] option').map((each) => each.text())).toEqual(['Add a region…', 'Grid 1'])
    await wrapper.get('[data-test=add-area]').setValue(3)
    expect(wrapper.get('.areas li').text()).toContain('Grid 1')
    await wrapper.get('[data-test=drop-area]').trigger('click')
    expect(wrapper.find('.areas li').exists()).toBe(false)
    await wrapper.get('[data-test=add-area]').setValue(3)
    await wrapper.get('#entry-form').trigger('submit')
    await flushPromises()
    expect(sent[0]!.body).toMatchObject({ areas: [3], region_id: 2 })
    expect(missing).toEqual([])
  })

  it('wait for an office that is away, and stand in the menu of whoever sees profiles', async () => {
    const { wrapper } = await page({}, 'en', { 'GET /organisations': away() })
    expect(wrapper.find('[data-test=office-away]').exists()).toBe(true)
    expect(routes[0]?.meta).toMatchObject({ nav: 'organisations.nav', action: 'see_profiles' })
  })
})

describe('for who only reads', () => {
  eachInAFreshBrowser({ actions: ['see_profiles'] })

  it('nothing can be entered or changed', async () => {
    const { wrapper } = await page({ what: 'staff', open: '9' })
    expect(wrapper.find('[data-test=add]').exists()).toBe(false)
    expect(wrapper.find('[data-test=save-entry]').exists()).toBe(false)
    expect(wrapper.get('fieldset').attributes('disabled')).toBeDefined()
  })
})
