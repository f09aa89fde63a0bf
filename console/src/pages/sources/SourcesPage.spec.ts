import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { eachInAFreshBrowser, foreignWords, refusal, remember, show } from '@/testing/pages'

import SourcesPage from './SourcesPage.vue'
import routes from './routes'

const source = {
  id: 3, version: 5, name: 'phones', kind: 'http_json', region_id: 1, region_name: '云陌市', region_name_en: 'Yunmo', retry_horizon_s: null, active: true, by_secret: true, before_until: null,
  heard_at: '2026-11-22T04:00:00Z', devices: 18, serving: 17,
}
const listener = { ...source, id: 4, name: 'dc09', kind: 'dc09', by_secret: false, heard_at: null }
const secrets = { source, token: 'token-of-now', key_id: 'phones', secret: 'secret-of-now' }
const region = { id: 1, name: '云陌市', name_en: 'Yunmo', path: [1], level: 'root' }

describe('the page of sources', () => {
  eachInAFreshBrowser({ actions: ['manage_users'] })

  async function page(more: Record<string, unknown> = {}, language: 'zh-CN' | 'en' = 'en') {
    const answers: Record<string, unknown> = { 'GET /sources': [source, listener], 'GET /regions': [region], ...more }
    const sent = remember(answers)
    const shown = show(SourcesPage, language)
    await flushPromises()
    return { ...shown, sent, answers }
  }

  it.each(['zh-CN', 'en'] as const)('shows a new secret once in %s', async (language) => {
    const { wrapper, sent, missing } = await page({ 'POST /sources': secrets }, language)
    await wrapper.find('[data-test=source-name]').setValue('phones')
    await wrapper.find('[data-test=source-add]').trigger('submit')
    await flushPromises()
    expect(sent.at(-1)).toEqual({ path: 'POST /sources', body: { name: 'phones', region_id: 1 } })
    expect(wrapper.find('[data-test=secret-token]').text()).toBe('token-of-now')
    await wrapper.find('[data-test=secret-copied]').trigger('click')
    expect(wrapper.text()).not.toContain('token-of-now')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [source, region])).toEqual([])
  })

  it('renews with a day in which both hold, and says what it means to end the old one at once', async () => {
    const { wrapper, sent } = await page({ 'POST /sources/3/renewal': secrets })
    await wrapper.find('[data-test=renew-phones]').trigger('click')
    await wrapper.find('[data-test=source-hours]').setValue(0)
    expect(wrapper.text()).toContain('refused at once')
    await wrapper.find('[data-test=source-hours]').setValue(24)
    await wrapper.find('[data-test=source-yes]').trigger('click')
    await flushPromises()
    expect(sent.at(-1)?.body).toEqual({ version: 5, overlap_h: 24, even_so: false })
    expect(wrapper.find('[data-test=secret-token]').exists()).toBe(true)
  })

  it('closes one that homes depend on only for who says that they know', async () => {
    const { wrapper, sent, answers } = await page({ 'PATCH /sources/3': refusal(409, 'source_serves') })
    await wrapper.find('[data-test=close-phones]').trigger('click')
    await wrapper.find('[data-test=source-yes]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[role=alert]').text()).toContain('alarms are refused')
    answers['PATCH /sources/3'] = { ...source, active: false }
    await wrapper.find('[data-test=source-even-so]').trigger('click')
    await flushPromises()
    expect(sent.map(({ body }) => body.even_so)).toEqual([false, true])
    expect(wrapper.find('[data-test=source-even-so]').exists()).toBe(false)
  })

  it('offers nothing of the kind for the source of a listener', async () => {
    const { wrapper } = await page()
    expect(wrapper.find('[data-test=renew-dc09]').exists()).toBe(false)
    expect(wrapper.find('[data-test=close-dc09]').exists()).toBe(false)
  })

  it('stands in the menu of administrators alone', () => {
    expect(routes[0]?.meta).toMatchObject({ action: 'manage_users' })
  })
})
