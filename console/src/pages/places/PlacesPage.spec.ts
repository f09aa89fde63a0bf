import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, serve, show } from '@/testing/pages'

import PlacesPage from './PlacesPage.vue'

eachInAFreshBrowser({}, { frozen: true })

const classes = { no_family: 2, disabled: 1 }
const tile = (id: number, name: string, open_alarms = 0) => ({
  region_id: id, code: id === 8 ? null : `c${id}`, name, name_en: `Place ${id}`, above: '榆荫街道', above_en: 'Yuyin Street', lat: 40, lng: 104,
  counts: { residents: 680 + id, homes: 520, classes, devices: 700, silent_devices: 3, open_alarms },
})
const person = {
  id: 1, version: 1, home_id: 5, region_id: 7, name: '沈玉兰', name_latin: 'Shen Yulan', sex: 'female', birth_date: null, age: 83, phone: null, status: 'hospital', living: 'alone',
  ability: null, risk: 'high', welfare: ['no_family'], disability: 'visual', address: '7号楼', address_en: 'Building 7', placed: true, devices: 2, silent_devices: 1, contacts: 0, own_plan: true, open_alarm: true,
}
const home = { id: 5, version: 1, region_id: 9, building_id: null, address: '7号楼', address_en: 'Building 7', entrance: '2', floor: 5, door: '501', access_note: '', key_note: '', lat: 40, lng: 104, english: {} }
const profile = {
  home, building: null, residents: [{ ...person, english: {} }], contacts: [], responsible: [{ id: 1, home_id: 5, region_id: null, staff_id: 2, duty: 'key_holder', name: '李邻居', name_latin: 'Li Linju', phone: null, languages: [], from_day: '2020-01-01', until_day: null }], consents: [], devices: [],
  points: [{ id: 1, region_id: 7, kind: 'clinic', name: '卫生站', name_en: 'Clinic', lat: 40, lng: 104, phone: null, distance_m: 1240 }],
}
const answers = {
  '/communities': [tile(7, '榆荫社区'), tile(8, '柳荫社区', 1)], '/communities/people': { items: [person], total: 1, after: null },
  '/communities/dots': { dots: [{ lat: 40, lng: 104, homes: 12, region_id: 7, silent: 1, home_id: null, label: '', categories: [] }], alarms: [{ home_id: 5, lat: 40, lng: 104, state: 'waiting', label: '7-2-501' }], more: false },
  '/homes/dots': [], '/regions/7/responsible': [], '/homes/5': home, '/homes/5/profile': profile, '/regions': [{ id: 7, path: [1, 7] }, { id: 9, path: [1, 7, 9] }], '/residents/as-of/headcount': { day: '2026-03-31', people: 2, homes: 1, facts: [{ kind: 'ability', value: 'severe', people: 1 }] },
  '/residents/as-of': { items: [], total: 0, total_is_capped: false, page: 1, limit: 100, after: null, day: '2026-03-31' },
}

async function page(query: Record<string, string>, language: 'en' | 'zh-CN' = 'en', served: Record<string, unknown> = answers) {
  serve(served)
  const routes = [{ path: '/places', name: 'places', component: { render: () => null } }]
  const shown = show(PlacesPage, language, { routes, stubs: { CommunityMap: true } })
  await shown.router.push({ path: '/places', query })
  await flushPromises()
  await flushPromises()
  return shown
}

it.each(['en', 'zh-CN'] as const)('shows a tile and dots for each community in %s', async (language) => {
  const { wrapper, missing } = await page({}, language)
  expect(wrapper.findAll('.tile').map((each) => each.attributes('href'))).toEqual(['/places?region=c7', '/places?region=@8'])
  expect(wrapper.find('[data-test="tile-@8"] .chip--alarm').exists()).toBe(true)
  expect(wrapper.find('.district button.alarm').text()).toContain('7-2-501')
  if (language === 'en') expect(foreignWords(wrapper.text(), answers)).toEqual([])
  expect(missing).toEqual([])
})

it('goes at once to the only community that somebody has', async () => {
  const { router } = await page({}, 'en', { ...answers, '/communities': [tile(7, '榆荫社区')] })
  expect(router.currentRoute.value.query).toEqual({ region: 'c7' })
})

it('leads from a home to its community, with everything that stands there', async () => {
  const { wrapper, router, missing } = await page({ home: '5' })
  expect(router.currentRoute.value.query).toEqual({ region: 'c7', home: '5' })
  expect(wrapper.find('[data-test=home-sheet]').text()).toContain('1.2 km')
  expect(wrapper.find('[data-test=home-sheet]').text()).toContain('Key holder Li Linju')
  expect(wrapper.find('[data-test=record-1]').attributes('href')).toBe('/residents?resident=1')
  expect(wrapper.find('[data-test=person-1]').text()).toContain('Without family')
  expect(foreignWords(wrapper.text(), answers)).toEqual([])
  expect(missing).toEqual([])
})

it('shows the district where a link leads to a home that is not there', async () => {
  const { wrapper, router } = await page({ home: '6' })
  expect(router.currentRoute.value.query).toEqual({ all: '1' })
  expect(wrapper.findAll('.tile')).toHaveLength(2)
})

it('keeps what the list is narrowed by in the address', async () => {
  const { wrapper, router } = await page({ region: 'c7' })
  await wrapper.find('[data-test=of-no_family]').trigger('click')
  await flushPromises()
  await wrapper.find('[data-test=concerns-no_contact]').trigger('click')
  await flushPromises()
  expect(router.currentRoute.value.query).toEqual({ region: 'c7', of: 'no_family', concerns: 'no_contact' })
})

it.each(['en', 'zh-CN'] as const)('tells who lived there on a day in %s', async (language) => {
  const { wrapper, missing } = await page({ region: 'c7', day: '2026-03-31' }, language)
  expect(wrapper.find('[data-test=on-day-count]').text()).toContain('2026-03-31')
  if (language === 'en') expect(foreignWords(wrapper.text(), answers)).toEqual([])
  expect(missing).toEqual([])
})

it('says that the records are away', async () => {
  const { wrapper } = await page({}, 'en', { '/communities': away() })
  expect(wrapper.find('[data-test=office-away]').exists()).toBe(true)
})
