import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'

import { eachInAFreshBrowser, show } from '@/testing/pages'

import TwoStep from './TwoStep.vue'

eachInAFreshBrowser()

it('asks once more, with the focus on keeping things as they are', async () => {
  const { wrapper } = show(TwoStep, 'en', { props: { label: 'Block', sure: 'Block now', test: 'block' } })
  await wrapper.get('[data-test=block]').trigger('click')
  await flushPromises()
  expect(document.activeElement?.textContent).toBe('Keep it')
  expect(wrapper.emitted('sure')).toBeUndefined()
  await wrapper.get('[data-test=block-sure]').trigger('click')
  expect(wrapper.emitted('sure')).toHaveLength(1)
  expect(wrapper.find('[data-test=block]').exists()).toBe(true)
})
