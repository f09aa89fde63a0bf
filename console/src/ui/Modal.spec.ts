import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { useConnection } from '@/stores/connection'
import { fillBrowser, show } from '@/testing/pages'

import Modal from './Modal.vue'

describe('a dialog', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    fillBrowser()
    document.body.innerHTML = '<button id="before">x</button><section data-focus-fallback tabindex="-1"></section>'
  })
  afterEach(() => document.body.replaceChildren())

  it('says itself that the line is lost: nothing of the page behind it can be read', async () => {
    const { wrapper } = show(Modal, 'en', { props: { title: 'x' } })
    expect(wrapper.find('[data-test=link-lost]').exists()).toBe(false)
    useConnection().silentMs = 9_000
    await flushPromises()
    expect(wrapper.find('dialog [data-test=link-lost]').text()).toContain('lost')
  })

  it('gives the focus back to where it was, or to what stands for it where that is gone', async () => {
    const before = document.querySelector<HTMLElement>('#before')!
    for (const [gone, then] of [[false, 'BUTTON'], [true, 'SECTION']] as const) {
      before.focus()
      const { wrapper } = show(Modal, 'en', { props: { title: 'x' } })
      if (gone) before.remove()
      wrapper.unmount()
      await flushPromises()
      expect(document.activeElement?.tagName).toBe(then)
    }
  })
})
