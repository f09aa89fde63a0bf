import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { nextTick } from 'vue'

import { fillBrowser, show } from '@/testing/pages'

import { agrees } from './question'
import QuestionDialog from './QuestionDialog.vue'

beforeEach(() => {
  setActivePinia(createPinia())
  fillBrowser()
})
afterEach(() => document.body.replaceChildren())

it.each([['question-yes', true], ['question-no', false]] as const)('%s answers %s and is gone', async (button, answer) => {
  const { wrapper, missing } = show(QuestionDialog, 'zh-CN')
  const agreed = agrees('有修改尚未保存，确定离开吗？')
  await nextTick()
  await wrapper.find(`[data-test=${button}]`).trigger('click')
  expect(await agreed).toBe(answer)
  expect(wrapper.find('dialog').exists()).toBe(false)
  expect(missing).toEqual([])
})

it('refuses the first of two questions', async () => {
  show(QuestionDialog, 'en')
  const first = agrees('one')
  void agrees('two')
  expect(await first).toBe(false)
})
