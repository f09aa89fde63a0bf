import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { away, eachInAFreshBrowser, foreignWords, refusal, serve, show } from '@/testing/pages'

import PhotographStrip from './PhotographStrip.vue'

const place = { kind: 'home', id: 5 }
const door = {
  id: 8, building_id: null, entrance: '', home_id: 5, kind: 'door', caption: '绿色防盗门', caption_en: 'Green door', taken_on: '2026-01-02', width: 800, height: 600, mark: 'ab',
  stored_at: '2026-01-03T08:00:00Z', by: '王芳', by_en: 'Wang Fang',
}
const entrance = { ...door, id: 7, building_id: 3, home_id: null, entrance: '2', kind: 'entrance', caption: '', caption_en: '', taken_on: null, by: null, by_en: null }
const LIST = '/homes/5/photographs'

async function shown(language: 'en' | 'zh-CN', answer: unknown) {
  serve({ [LIST]: answer })
  const all = show(PhotographStrip, language, { props: { place, shortcut: 'V' } })
  await flushPromises()
  return { ...all, enlarge: () => (all.wrapper.vm as unknown as { enlarge: () => boolean }).enlarge() }
}

describe('the way in at the seat', () => {
  eachInAFreshBrowser()

  it.each(['en', 'zh-CN'] as const)('shows small pictures, enlarges them and goes along the way, in %s', async (language) => {
    const { wrapper, missing, enlarge } = await shown(language, [entrance, door])
    expect(wrapper.findAll('img').map((each) => each.attributes('src'))).toEqual(['/api/v1/homes/5/photographs/7?mark=ab', '/api/v1/homes/5/photographs/8?mark=ab'])
    expect(enlarge()).toBe(true)
    await flushPromises()
    const large = wrapper.get('[data-test=photograph-large]')
    await large.trigger('keydown', { key: 'ArrowRight' })
    expect(wrapper.get('[data-test=photograph-large]').text()).toContain(language === 'en' ? 'Green door' : '绿色防盗门')
    if (language === 'en') expect(foreignWords(wrapper.html(), [])).toEqual([])
    await wrapper.get('[data-test=photograph-back]').trigger('click')
    expect(wrapper.find('[data-test=photograph-large]').exists()).toBe(false)
    expect(missing).toEqual([])
  })

  it('takes no room where there are none, and its key means nothing then', async () => {
    const { wrapper, enlarge } = await shown('en', [])
    expect(wrapper.text()).toBe('')
    expect(enlarge()).toBe(false)
  })

  it('says that pictures cannot be loaded: the list, one of them, or while the office is away', async () => {
    expect((await shown('en', refusal(500, 'internal'))).wrapper.get('[data-test=photographs-failed]').text()).toContain('cannot be loaded')
    expect((await shown('en', away())).wrapper.get('[data-test=photographs-away]').text()).toContain('go by the words')
    const { wrapper } = await shown('en', [entrance, door])
    await wrapper.findAll('img')[1]!.trigger('error')
    expect(wrapper.get('[data-test=photograph-failed]').text()).toContain('Cannot be loaded')
    expect(wrapper.findAll('img')).toHaveLength(1)
  })
})
