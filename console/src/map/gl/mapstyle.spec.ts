import { expect, it } from 'vitest'

import type { Building } from '@/api/places'

import { featureName } from '../names'
import { baseFeatures, buildingFeatures, LABEL_LAYERS, slabFeatures, styleOf } from './mapstyle'

const building: Building = {
  id: 7, region_id: 6, estate: '', name: '7号楼', name_en: 'Building 7', floors: 6, floor_height_m: 3, lift: false,
  footprint: [[0, 0], [1, 0], [1, 1], [0, 0]], entrances: [],
}

it('asks no other host for anything', () => {
  const style = JSON.stringify(styleOf('zh-CN'))
  expect(style).not.toMatch(/https?:|\/\/|glyphs|sprite/)
})

it('labels in the language of the operator, with the Chinese name where there is no English one', () => {
  const label = styleOf('en').layers.find((layer) => layer.id === LABEL_LAYERS[0])
  expect(label).toMatchObject({ layout: { 'text-field': ['coalesce', ['get', 'name_en'], ['get', 'name'], ''] } })
  const feature = { type: 'Feature', properties: { name: '榆荫园' }, geometry: { type: 'Point', coordinates: [0, 0] } } as const
  expect(featureName(feature, 'en')).toBe('榆荫园')
})

it('has every layer whose text follows the language', () => {
  const ids = styleOf('en').layers.map((layer) => layer.id)
  expect(LABEL_LAYERS.filter((layer) => !ids.includes(layer))).toEqual([])
})

it('takes the selected building out of the grey ones and cuts it into slabs instead', () => {
  expect(buildingFeatures([building], 7).features).toEqual([])
  const selected = { homeId: 1, buildingId: 7, entrance: '', floor: 2, door: '201', lat: null, lng: null, address: '', incident: 'a' }
  expect(slabFeatures(building, selected).features.map((f) => f.properties?.part)).toEqual(['body', 'body', 'unit'])
  expect(slabFeatures(null, selected).features).toEqual([])
})

it('leaves the buildings of the basemap out', () => {
  const point = { type: 'Point', coordinates: [0, 0] } as const
  const features = ['tree', 'building'].map((kind) => ({ type: 'Feature' as const, properties: { kind }, geometry: point }))
  const map = { basemap: { type: 'FeatureCollection' as const, features }, buildings: [], points: [] }
  expect(baseFeatures(map).features).toHaveLength(1)
})
