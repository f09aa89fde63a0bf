import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { eachInAFreshBrowser, remember, show } from '@/testing/pages'

import PhotographEditor from './PhotographEditor.vue'

const front = {
  id: 7, building_id: 3, entrance: '', home_id: null, kind: 'front', caption: '楼前', caption_en: 'In front', taken_on: null, width: 800, height: 600, mark: 'ab',
  stored_at: '2026-01-03T08:00:00Z', by: null, by_en: null,
}
const door = { ...front, id: 8, building_id: null, home_id: 5, kind: 'door' }
const answers = { 'GET /buildings/3/photographs': [front], 'GET /homes/5/photographs': [front, door] }

async function shown(language: 'en' | 'zh-CN', props: Record<string, unknown>, more = {}) {
  const sent = remember({ ...answers, ...more })
  const all = show(PhotographEditor, language, { props: { mayEdit: true, ...props } })
  await flushPromises()
  return { ...all, sent }
}

async function choose(wrapper: Awaited<ReturnType<typeof shown>>['wrapper']) {
  const input = wrapper.get('[data-test=photograph-file]')
  Object.defineProperty(input.element, 'files', { value: [new File(['x'], 'door.jpg')] })
  await input.trigger('change')
  await flushPromises()
}

describe('photographs of a place', () => {
  eachInAFreshBrowser()

  it.each(['en', 'zh-CN'] as const)('adds one of an entrance in %s', async (language) => {
    const { wrapper, sent, missing } = await shown(language, { place: { kind: 'building', id: 3 }, entrances: ['1', '2'] }, { 'POST /buildings/3/photographs': front })
    await wrapper.get('[data-test=photograph-entrance]').setValue('2')
    await wrapper.get('[data-test=photograph-caption]').setValue('绿色铁门')
    await choose(wrapper)
    expect(sent).toMatchObject([{ path: 'POST /buildings/3/photographs', body: { kind: 'entrance', entrance: '2', caption: '绿色铁门' } }])
    expect(missing).toEqual([])
  })

  it('changes the words of a home without its picture, and leaves those of the building to the building', async () => {
    const { wrapper, sent } = await shown('en', { place: { kind: 'home', id: 5 } }, { 'PUT /homes/5/photographs/8': door })
    expect(wrapper.findAll('[data-test=photograph]')).toHaveLength(2)
    expect(wrapper.findAll('[data-test=photograph-edit]')).toHaveLength(1)
    await wrapper.get('[data-test=photograph-edit]').trigger('click')
    await wrapper.get('[data-test=photograph-kind]').setValue('key_box')
    await wrapper.get('[data-test=photograph-form]').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ path: 'PUT /homes/5/photographs/8', body: { kind: 'key_box', caption: '楼前', caption_en: 'In front' } }])
  })

  it('removes one only after one more question', async () => {
    const { wrapper, sent } = await shown('en', { place: { kind: 'building', id: 3 } })
    await wrapper.get('[data-test=photograph-remove]').trigger('click')
    expect(sent).toEqual([])
    await wrapper.get('[data-test=photograph-remove-now]').trigger('click')
    await flushPromises()
    expect(sent).toEqual([{ path: 'DELETE /buildings/3/photographs/7', body: {} }])
  })

  it('says why a picture is refused', async () => {
    const refused = new Response(JSON.stringify({ error: { code: 'too_many_photographs', message: '', params: { most: 6 } } }), { status: 409 })
    const { wrapper } = await shown('en', { place: { kind: 'building', id: 3 } }, { 'POST /buildings/3/photographs': refused })
    await choose(wrapper)
    expect(wrapper.get('[data-test=photograph-refused]').text()).toContain('There are 6 photographs already')
  })

  it('lets who may only look only look', async () => {
    const { wrapper } = await shown('en', { place: { kind: 'building', id: 3 }, mayEdit: false })
    expect(wrapper.find('[data-test=photograph-form]').exists()).toBe(false)
    expect(wrapper.find('[data-test=photograph-remove]').exists()).toBe(false)
  })
})
