import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'

import { useCalls } from '@/stores/calls'
import { call, leg, match } from '@/testing/calls'
import { eachInAFreshBrowser, foreignWords, logIn, me, show } from '@/testing/pages'

import CallsLine from './CallsLine.vue'

eachInAFreshBrowser({ actions: [...me().actions, 'answer_calls'] })
const tell = () => useCalls().apply({ type: 'calls', exchange: true, whole: true, calls: [
  call({ kind: 'red', matches: [match()] }), call(), call({ state: 'talking', taken_by: 1, caller: { raw: '', e164: null, presentation: 'withheld' }, legs: [leg({ role: 'operator', user_id: 1, is_up: true })] }),
] })

it.each(['zh-CN', 'en'] as const)('says in %s above a dialog who waits and that one speaks', async (language) => {
  const { wrapper, missing } = show(CallsLine, language)
  expect(wrapper.text()).toBe('')
  tell()
  await flushPromises()
  expect(wrapper.text()).toContain(language === 'en' ? 'Wang Xiuying' : '王秀英')
  expect(wrapper.text()).toContain('2')
  expect(wrapper.text()).toContain(language === 'en' ? 'withheld' : '号码未显示')
  expect(missing).toEqual([])
  if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
})

it('says nothing to who answers no calls', async () => {
  await logIn({ actions: ['see_incidents'] })
  const { wrapper } = show(CallsLine, 'en')
  tell()
  await flushPromises()
  expect(wrapper.text()).toBe('')
})
