import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fillBrowser, show } from '@/testing/pages'

import type { ActiveDot } from '../dots'

import FlatMap from './FlatMap.vue'

const active = (count: number): ActiveDot[] =>
  Array.from({ length: count }, (_, index) => ({ key: `i${index}`, homeId: index, state: 'waiting', position: [104 + index / 10_000, 40], label: '', card: null, count: 1 }))

function flat(count: number) {
  const selected: number[] = []
  const props = {
    map: null, language: 'en', calm: [{ home_id: 1, lat: 40, lng: 104, region_id: 6, label: '' }], silent: [], active: active(count), selected: null, doorText: '',
    nameOf: (dot: ActiveDot) => dot.key, label: 'map', onSelect: (home: number) => selected.push(home),
  }
  return { ...show(FlatMap, 'en', { props }), selected }
}

describe('the flat map', () => {
  beforeEach(fillBrowser)
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it('has a named button for each alarm, which opens its home', async () => {
    const { wrapper, selected, missing } = flat(2)
    await flushPromises()
    const buttons = wrapper.findAll('button.dot--waiting')
    expect(buttons.map((button) => button.attributes('aria-label'))).toEqual(['i0', 'i1'])
    await buttons[1]!.trigger('click')
    expect(selected).toEqual([1])
    expect(missing).toEqual([])
  })

  it('draws thousands of alarms as a handful of elements, under sixty buttons', async () => {
    const { wrapper } = flat(5_000)
    await flushPromises()
    expect(wrapper.findAll('button.dot')).toHaveLength(60)
    expect(wrapper.findAll('*').length).toBeLessThan(250)
    const drawn = wrapper.findAll('.flat__dots').map((path) => path.attributes('d')?.match(/M/g)?.length ?? 0)
    expect(Math.max(...drawn)).toBe(4_940)
  })
})
