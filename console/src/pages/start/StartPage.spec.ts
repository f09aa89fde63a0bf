import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { eachInAFreshBrowser, foreignWords, logIn, serve, show } from '@/testing/pages'

import StartPage from './StartPage.vue'

const region = (id: number, name: string, name_en: string, hotline: string | null) => ({ id, name, name_en, settings: { hotline } })
const regions = [region(1, '澄溪区', 'Chengxi', null), region(6, '榆荫里社区', 'Yuyinli', '0999-8012349')]

async function startAs(language: 'zh-CN' | 'en', role: string | null) {
  serve({ '/regions': regions })
  await logIn({ actions: [], grants: role ? [{ role: role as 'caregiver', region_id: 6 }] : [] })
  const shown = show(StartPage, language)
  await flushPromises()
  return shown
}

describe('the page of those whose work has none yet', () => {
  eachInAFreshBrowser()

  it.each(['responder', 'caregiver', 'volunteer', 'provider'])('says to a %s in both languages what will be here and whom to call', async (role) => {
    for (const language of ['zh-CN', 'en'] as const) {
      const { wrapper, missing } = await startAs(language, role)
      expect(wrapper.findAll('h2')).toHaveLength(2)
      expect(wrapper.get('[data-test=start-hotline] a').attributes('href')).toBe('tel:0999-8012349')
      expect(missing).toEqual([])
      if (language === 'en') expect(foreignWords(wrapper.text(), regions)).toEqual([])
    }
  })

  it('says to a log-in without a role that it has none', async () => {
    const { wrapper } = await startAs('en', null)
    expect(wrapper.text()).toContain('no role yet')
    expect(wrapper.find('[data-test=start-hotline]').exists()).toBe(false)
  })
})
