import { expect, it, vi } from 'vitest'

import { eachInAFreshBrowser, show } from '@/testing/pages'

import VirtualRows from './VirtualRows.vue'

eachInAFreshBrowser()

const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id }))

function list(count: number, total: number) {
  const end = vi.fn()
  const props = { items: rows(count), total, height: 40, label: 'people', onEnd: end }
  const { wrapper } = show(VirtualRows as never, 'en', { props, slots: { default: '<template #default="{ item }">{{ item.id }}</template>' } })
  return { wrapper, end }
}

it('draws only what is in sight, and says how long the list is', () => {
  const { wrapper, end } = list(1_000, 1_000)
  const drawn = wrapper.findAll('li')
  expect(drawn.length).toBeLessThan(40)
  expect(drawn[0]!.attributes()).toMatchObject({ 'aria-posinset': '1', 'aria-setsize': '1000' })
  expect(end).not.toHaveBeenCalled()
})

it('draws what is scrolled to, and asks for more near the end', async () => {
  const { wrapper, end } = list(100, 680)
  const frame = wrapper.find('.frame')
  frame.element.scrollTop = 3_500
  await frame.trigger('scroll')
  expect(wrapper.findAll('li').at(-1)!.attributes('aria-posinset')).toBe('100')
  expect(end).toHaveBeenCalled()
})
