import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fillBrowser, refusal, serve, show } from '@/testing/pages'

import FirstStart from './FirstStart.vue'

const TYPED = {
  'first-code': 'ABCD-EFGH', 'first-region': '榆荫里', 'first-hotline': '0999-8012349', 'first-duty_number': '13901000009',
  'first-administrator-name': '魏来', 'first-administrator-login': 'wei', 'first-administrator-password': 'seven brown kettles',
  'first-operator-name': '林晓雯', 'first-operator-login': 'lin', 'first-operator-password': 'four green ladders',
}

async function begun(language: 'en' | 'zh-CN') {
  const { wrapper, missing } = show(FirstStart, language)
  for (const [name, value] of Object.entries(TYPED)) await wrapper.get(`[data-test=${name}]`).setValue(value)
  await wrapper.get('form').trigger('submit')
  await flushPromises()
  return { wrapper, missing }
}

describe('the first accounts', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    fillBrowser()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  it.each(['en', 'zh-CN'] as const)('are made in %s, and the administrator goes on to the log-in', async (language) => {
    serve({ '/first-start': { first: false } })
    const { wrapper, missing } = await begun(language)
    expect(wrapper.emitted('done')).toEqual([['wei']])
    expect(missing).toEqual([])
  })

  it('stay to be made when the code is wrong, with what was typed', async () => {
    serve({ '/first-start': refusal(403, 'first_code_wrong') })
    const { wrapper } = await begun('en')
    expect(wrapper.get('[role=alert]').text()).toContain('first-start-code')
    expect((wrapper.get('[data-test=first-region]').element as HTMLInputElement).value).toBe('榆荫里')
    expect(wrapper.emitted('done')).toBeUndefined()
  })
})
