import { expect, it } from 'vitest'

import { show } from '@/testing/pages'

import DemoLogins from './DemoLogins.vue'

const logins = [
  { login: 'operator', password: 'secret', name: '林晓雯', name_en: 'Lin Xiaowen', role: 'operator' },
  { login: 'guest', password: 'secret', role: 'a_role_to_come' },
]

it.each([['zh-CN', '林晓雯'], ['en', 'Lin Xiaowen']] as const)('names people in %s, and who has no name by the log-in', async (language, name) => {
  const { wrapper } = show(DemoLogins, language, { props: { logins, disabled: false } })
  expect(wrapper.findAll('strong').map((each) => each.text())).toEqual([name, 'guest'])
  expect(wrapper.findAll('span')[1]!.text()).toBe('a_role_to_come')
  await wrapper.findAll('button')[0]!.trigger('click')
  expect(wrapper.emitted('choose')).toEqual([[logins[0]]])
})

it('lets nobody press while a try is on its way', async () => {
  const { wrapper } = show(DemoLogins, 'en', { props: { logins, disabled: true } })
  await wrapper.findAll('button')[0]!.trigger('click')
  expect(wrapper.emitted('choose')).toBeUndefined()
})
