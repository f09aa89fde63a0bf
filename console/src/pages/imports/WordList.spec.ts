import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { logIn, serve, show } from '@/testing/pages'

import WordList from './WordList.vue'

const words = [
  { id: 2, word: '五色户', subject: 'welfare', value: 'preferential', shipped: false, by: '王', by_en: 'Wang', at: '2026-03-14T04:12:00Z' },
  { id: 1, word: '三无', subject: 'welfare', value: 'extreme_poverty', shipped: true, by: null, by_en: null, at: '2026-03-14T04:12:00Z' },
]

describe('the words of an import', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    serve({ '/residents/import/words': words })
    await logIn()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['zh-CN', 'en'] as const)('are listed in %s with who added them', async (language) => {
    const { wrapper, missing } = show(WordList, language, { props: { unknown: [{ column: '类别', word: '神仙', count: 2 }] } })
    await flushPromises()
    const listed = wrapper.findAll('[data-test=known-word]').map((each) => each.text())
    expect(listed[0]).toContain(language === 'en' ? 'Wang' : '王')
    expect(listed[1]).toContain(language === 'en' ? 'came with the program' : '随软件提供')
    expect(wrapper.find('[data-test=unknown-words]').text()).toContain('神仙')
    expect(missing).toEqual([])
  })
})
