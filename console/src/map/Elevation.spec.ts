import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'

import type { Building } from '@/api/places'
import { i18n } from '@/words'

import Elevation from './Elevation.vue'
import type { Selected } from './selection'

const building: Building = {
  id: 7, region_id: 6, estate: '', name: '7号楼', name_en: 'Building 7', floors: 6, floor_height_m: 3, lift: false,
  footprint: [], entrances: [{ name: '1' }, { name: '2' }, { name: '3' }],
}
const selected: Selected = { homeId: 1, buildingId: 7, entrance: '2单元', floor: 5, door: '501', lat: null, lng: null, address: '', incident: 'a' }

function show(language: 'zh-CN' | 'en', over: Partial<Selected> = {}) {
  i18n.global.locale.value = language
  return mount(Elevation, { props: { building, selected: { ...selected, ...over }, language }, global: { plugins: [i18n] } })
}

it('says building, entrance, floor, door and lift in one sentence', () => {
  expect(show('zh-CN').get('svg').attributes('aria-label')).toBe('7号楼，2单元，5层，501室，无电梯，走楼梯')
  expect(show('en').get('svg').attributes('aria-label')).toBe('Building 7, Entrance 2, Floor 5, Door 501, No lift, stairs only')
})

it('lights one cell of eighteen and writes the door on it', () => {
  const page = show('en')
  expect(page.findAll('.elevation__cell')).toHaveLength(18)
  expect(page.findAll('.elevation__cell.is-lit')).toHaveLength(1)
  expect(page.get('.elevation__number').text()).toBe('501')
})

it('lights nothing it does not know', () => {
  const page = show('en', { entrance: '', floor: null, door: '' })
  expect(page.findAll('.is-lit')).toHaveLength(0)
  expect(page.get('svg').attributes('aria-label')).toBe('Building 7, No lift, stairs only')
})
