import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, me, refusal, serve, show } from '@/testing/pages'

import HeardList from './HeardList.vue'

const CALL = '0196b1f0-0000-7000-8000-000000000001'
const heard = {
  id: '0196b1f0-0000-7000-8000-000000000002', recording_id: 7, call_id: CALL, recorded_at: '2026-11-12T03:04:05Z', user_id: 3, user_name: '王芳', user_name_en: 'Wang Fang',
  at: '2026-11-13T01:00:00Z', heard_at: null, reason: 'the family has complained',
}
const LIST = '/hotline/recordings/heard'

async function shown(language: 'en' | 'zh-CN', answer: unknown, calls: unknown = []) {
  serve({ [LIST]: answer, [`/hotline/calls/${CALL}/recordings`]: calls })
  const all = show(HeardList, language, {})
  await flushPromises()
  return all
}

describe('who has heard recordings', () => {
  eachInAFreshBrowser({ actions: [...me().actions, 'read_audit', 'hear_recordings'] })

  it.each(['en', 'zh-CN'] as const)('says who, which, when and why, in %s', async (language) => {
    const { wrapper, missing } = await shown(language, { heard: [heard], more: true })
    const line = wrapper.get('[data-test=heard-one]').text()
    expect(line).toContain(language === 'en' ? 'Wang Fang' : '王芳')
    expect(line).toContain('the family has complained')
    expect(line).toContain(language === 'en' ? 'not played' : '未播放')
    expect(wrapper.find('[data-test=heard-more]').exists()).toBe(true)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.html(), [])).toEqual([])
  })

  it('opens the recordings of that call, and says where there are none or the call is elsewhere', async () => {
    for (const calls of [[], refusal(404, 'not_found')]) {
      const { wrapper } = await shown('en', { heard: [heard], more: false }, calls)
      await wrapper.get('[data-test=heard-open]').trigger('click')
      await flushPromises()
      expect(wrapper.get('[data-test=recordings-none]').text()).toContain('No recording')
      wrapper.unmount()
    }
  })

  it('says that nobody has, that it cannot be loaded, and while the office is away', async () => {
    expect((await shown('en', { heard: [], more: false })).wrapper.text()).toContain('Nobody has heard')
    expect((await shown('en', refusal(500, 'internal'))).wrapper.find('[role=alert]').exists()).toBe(true)
    expect((await shown('en', away())).wrapper.find('[data-test=office-away]').exists()).toBe(true)
  })
})
