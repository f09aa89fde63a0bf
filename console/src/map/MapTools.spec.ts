import { expect, it } from 'vitest'

import { foreignWords, show } from '@/testing/pages'

import MapTools from './MapTools.vue'

it.each(['zh-CN', 'en'] as const)('offers in %s to see all, and one of two views', async (language) => {
  const { wrapper, missing } = show(MapTools, language, { props: { flat: false, both: true } })
  const [all, solid, flat] = wrapper.findAll('button')
  expect([solid, flat].map((button) => button!.attributes('aria-pressed'))).toEqual(['true', 'false'])
  await all!.trigger('click')
  await flat!.trigger('click')
  await solid!.trigger('click')
  expect(wrapper.emitted('showAll')).toHaveLength(1)
  expect(wrapper.emitted('choose')).toEqual([[true], [false]])
  expect(missing).toEqual([])
  if (language === 'en') expect(foreignWords(wrapper.text(), [])).toEqual([])
})

it('offers no choice where there is one view only', () => {
  const { wrapper } = show(MapTools, 'en', { props: { flat: false, both: false } })
  expect(wrapper.findAll('button')).toHaveLength(1)
})
