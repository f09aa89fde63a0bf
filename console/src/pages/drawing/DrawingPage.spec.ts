import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { eachInAFreshBrowser, refusal, remember, show } from '@/testing/pages'

import DrawingPage from './DrawingPage.vue'

const RING = [[104, 40], [104.0006, 40], [104.0006, 40.0001], [104, 40.0001], [104, 40]]
const building = {
  id: 7, mark: 'm7', region_id: 3, name: '7号楼', name_en: 'Building 7', estate: '', floors: 6, floor_height_m: 3, lift: false, footprint: RING,
  entrances: [{ name: '1', position: [104.0003, 40], footprint: null }], homes: 36, people: 2,
}
const point = { id: 5, mark: 'm5', region_id: 3, name: '药店', name_en: 'Pharmacy', kind: 'pharmacy', lat: 40.0005, lng: 104.0005, phone: null }
const road = { id: 4, mark: 'm4', region_id: 3, name: '', name_en: '', width_m: 6, line: [[104, 40], [104.001, 40]] }
const picture = {
  name: '航拍.png', width: 1000, height: 800, mark: 'p', opacity: 0.5, points: [{ x: 0, y: 0, lng: 104, lat: 40 }, { x: 900, y: 0, lng: 104.01, lat: 40 }],
  corners: [[104, 40], [104.01, 40], [104.01, 39.99], [104, 39.99]], metres_per_pixel: 0.9, degrees: 0, residual_m: 0, off_m: [0, 0],
}
const area = { id: 2, mark: 'm2', region_id: 3, kind: 'water', name: '', name_en: '', ring: RING }
const sheet = { region_id: 3, buildings: [building], roads: [road], areas: [area], points: [point], picture, undo: { id: 9, kind: 'added', what: 'building', name: '7号楼', changes: 1 }, redo: null }
const map = { basemap: null, picture: { region_id: 3, mark: 'p', opacity: 0.5, corners: picture.corners }, buildings: [building], points: [point] }
const answers = {
  'GET /regions': [{ id: 1, path: [1], level: 'root', name: '全部', name_en: 'All' }, { id: 3, path: [1, 3], level: 'community', name: '榆荫里社区', name_en: 'Yuyinli' }],
  'GET /drawing/3': sheet,
  'GET /regions/3/map': map,
  'GET /buildings/7/photographs': [],
  'GET /homes/dots': [{ home_id: 1, lat: 40, lng: 104.0003, region_id: 3, label: '7-1-101' }],
  'POST /drawing/3/buildings': { id: 8 },
  'POST /drawing/3/buildings/7/doors/preview': { doors: [{ entrance: '1', floor: 1, number: '101', home_id: null }, { entrance: '1', floor: 6, number: '602', home_id: 4 }], new: 35, found: 1, beside: 0 },
}

async function opened(language: 'en' | 'zh-CN' = 'en', more = {}) {
  const sent = remember({ ...answers, ...more })
  const shown = show(DrawingPage, language)
  await flushPromises()
  return { ...shown, sent }
}

describe('drawing the map', () => {
  eachInAFreshBrowser({ grants: [{ role: 'administrator', region_id: 1 }], actions: ['draw_map'] })

  it.each(['en', 'zh-CN'] as const)('shows all that is drawn in %s, of a community first', async (language) => {
    const { wrapper, missing } = await opened(language)
    expect((wrapper.get('[data-test=drawing-region]').element as HTMLSelectElement).value).toBe('3')
    expect(wrapper.get('[data-test=building-row]').text()).toContain(language === 'en' ? 'Building 7' : '7号楼')
    expect(wrapper.get('[data-test=road-row]').text()).not.toBe('')
    await wrapper.get('[data-test=building-row]').trigger('click')
    expect(wrapper.find('[data-test=photograph-editor]').exists()).toBe(true)
    await wrapper.get('[data-test=area-row]').trigger('click')
    await wrapper.get('[data-test=point-row]').trigger('click')
    await wrapper.get('[data-test=open-picture]').trigger('click')
    expect(wrapper.get('[data-test=picture-fit]').text()).toContain('0.9')
    await wrapper.get('[data-test=open-file]').trigger('click')
    expect(missing).toEqual([])
  })

  it('draws a building by the keyboard alone', async () => {
    const { wrapper, sent } = await opened()
    await wrapper.get('[data-test=tool-building]').trigger('click')
    const canvas = wrapper.get('.canvas__ground')
    for (const key of [' ', 'ArrowRight', ' ', 'ArrowDown', ' ', ' ', 'Backspace', 'Enter']) await canvas.trigger('keydown', { key })
    expect(wrapper.find('[data-test=corner-2-0]').exists()).toBe(true)
    expect(wrapper.find('[data-test=corner-3-0]').exists()).toBe(false)
    await wrapper.get('[data-test=corner-0-0]').setValue('104.5')
    await wrapper.get('[data-test=corner-0-0]').trigger('change')
    await wrapper.get('[data-test=thing-name]').setValue('8号楼')
    await wrapper.get('[data-test=thing-form]').trigger('submit')
    await flushPromises()
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ path: 'POST /drawing/3/buildings', body: { name: '8号楼', floors: 6 } })
    const ring = sent[0]!.body.footprint as number[][]
    expect([ring.length, ring[0], ring[3]]).toEqual([4, [104.5, expect.any(Number)], ring[0]])
  })

  it('draws a pond, which needs no name', async () => {
    const { wrapper, sent } = await opened()
    await wrapper.get('[data-test=tool-area]').trigger('click')
    await wrapper.get('[data-test=thing-kind]').setValue('water')
    const canvas = wrapper.get('.canvas__ground')
    for (const key of [' ', 'ArrowRight', ' ', 'ArrowDown', ' ', 'Enter']) await canvas.trigger('keydown', { key })
    await wrapper.get('[data-test=thing-form]').trigger('submit')
    await flushPromises()
    expect(sent[0]).toMatchObject({ path: 'POST /drawing/3/areas', body: { kind: 'water', name: '' } })
    const ring = sent[0]!.body.ring as number[][]
    expect([ring.length, ring[3]]).toEqual([4, ring[0]])
  })

  it('looks at doors before it makes them', async () => {
    const { wrapper, sent } = await opened()
    await wrapper.get('[data-test=building-row]').trigger('click')
    await wrapper.get('[data-test=doors-entrances]').setValue('3')
    await wrapper.get('[data-test=doors-form]').trigger('submit')
    await flushPromises()
    expect(wrapper.get('[data-test=doors-preview]').text()).toContain('101 to 602: 35 homes are made, 1 stand already')
    await wrapper.get('[data-test=doors-make]').trigger('click')
    await flushPromises()
    expect(sent.map(({ path }) => path)).toEqual(['POST /drawing/3/buildings/7/doors/preview', 'POST /drawing/3/buildings/7/doors'])
    expect(sent[1]!.body).toEqual({ entrances: 3, floors: 6, doors: 2, lowest: 1, left_out: [], numbers: 'anew' })
  })

  it('says why something stays, and deletes only after one more question', async () => {
    const refused = new Response(JSON.stringify({ error: { code: 'building_in_use', message: '', params: { people: 2, homes: 1 } } }), { status: 409 })
    const { wrapper, sent } = await opened('en', { 'DELETE /drawing/3/buildings/7': refused })
    await wrapper.get('[data-test=building-row]').trigger('click')
    await wrapper.get('[data-test=thing-erase]').trigger('click')
    expect(sent).toEqual([])
    await wrapper.get('[data-test=thing-erase-now]').trigger('click')
    await flushPromises()
    expect(wrapper.get('[data-test=drawing-failure]').text()).toContain('2 people are registered in 1 homes')
  })

  it('undoes the step that it names, and shows a refusal', async () => {
    const { wrapper, sent } = await opened('en', { 'POST /drawing/3/undo': refusal(409, 'changed_meanwhile') })
    expect(wrapper.get('[data-test=drawing-undo]').text()).toContain('7号楼 drawn')
    expect(wrapper.get('[data-test=drawing-redo]').attributes('disabled')).toBeDefined()
    await wrapper.get('[data-test=drawing-undo]').trigger('click')
    await flushPromises()
    expect(sent).toEqual([{ path: 'POST /drawing/3/undo', body: { step: 9 } }])
    expect(wrapper.get('[data-test=drawing-failure]').text()).toContain('Somebody has changed this')
  })

  it('tells of a file feature by feature what is wrong', async () => {
    const problems = [{ feature: 2, id: 'b', code: 'ring_crosses' }, { feature: 3, id: null, code: 'swapped' }]
    const refused = new Response(JSON.stringify({ error: { code: 'geojson_refused', message: '', params: { count: 2, problems } } }), { status: 422 })
    const { wrapper } = await opened('en', { 'POST /drawing/3/geojson': refused })
    await wrapper.get('[data-test=open-file]').trigger('click')
    const input = wrapper.get('[data-test=geojson-file]')
    Object.defineProperty(input.element, 'files', { value: [{ name: 'a.geojson', size: 2, text: async () => '{}' }] })
    await input.trigger('change')
    await flushPromises()
    const said = wrapper.get('[data-test=drawing-failure]').text()
    expect(said).toContain('Feature 2 (b): the outline crosses itself')
    expect(said).toContain('longitude comes first')
    expect(wrapper.find('[data-test=geojson-take]').exists()).toBe(false)
  })

  it('fixes the picture by two points', async () => {
    const { wrapper, sent } = await opened()
    await wrapper.get('[data-test=open-picture]').trigger('click')
    await wrapper.get('[data-test=reference-1-x]').setValue('1000')
    await wrapper.get('[data-test=picture-fix]').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ path: 'PATCH /drawing/3/picture', body: { points: [picture.points[0], { x: 1000, y: 0, lng: 104.01, lat: 40 }], opacity: 0.5 } }])
  })
})
