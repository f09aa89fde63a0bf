import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'

import { useAnnouncements } from '@/stores/announcements'
import { logIn, show } from '@/testing/pages'

import AccessNotice from './AccessNotice.vue'

const opened = (id: number, user_id: number) => ({
  id, user_id, user_name: '王敏', label: 'Yuyinli 7-2-501', home_id: 5, reason: 'paramedic asks', opened_at: new Date().toISOString(),
  ends_at: new Date(Date.now() + 900_000).toISOString(), ended_at: null, ended_by: null, ended_by_name: null, looks: [],
})

beforeEach(async () => {
  setActivePinia(createPinia())
  await logIn()
})

it.each(['en', 'zh-CN'] as const)('says in %s who has opened what and why, until it is put away', async (language) => {
  const { wrapper, missing } = show(AccessNotice, language)
  useAnnouncements().applyAccesses([opened(1, 7), opened(2, 1)]) // the second is ones own
  await flushPromises()
  expect(wrapper.text()).toContain('Yuyinli 7-2-501')
  expect(wrapper.text()).toContain('paramedic asks')
  await wrapper.get('[data-test=access-put-away]').trigger('click')
  expect(wrapper.find('[data-test=access-notice]').exists()).toBe(false)
  expect(missing).toEqual([])
})
