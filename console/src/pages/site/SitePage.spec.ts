import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'

import { fillBrowser, logIn, remember, show } from '@/testing/pages'

import SitePage from './SitePage.vue'

const NUMBER = { kind: 'number', unit: 'days', least: 1, most: 365, choices: [], value: 30, of_file: 30, origin: 'built_in', since: null, by_name: null, before: null }
const SAID = { origin: 'page', since: '2026-11-22T04:12:00Z', by_name: '魏来', before: 12 }
const SETTINGS = [
  { ...NUMBER, name: 'site.name', group: 'site', kind: 'text', unit: null, least: 0, most: 20, value: '榆荫里', of_file: '', ...SAID, before: '' },
  { ...NUMBER, name: 'language', group: 'site', kind: 'choice', unit: null, choices: ['zh-CN', 'en'], value: 'zh-CN', of_file: 'zh-CN', origin: 'file' },
  { ...NUMBER, name: 'site.session_h', group: 'log_in', unit: 'hours', least: 9, most: 24, value: 14, of_file: 12, ...SAID },
  { ...NUMBER, name: 'imports.file_mb', group: 'files', unit: 'mib', most: 50, value: 20, of_file: 20 },
  { ...NUMBER, name: 'retention.log_ins_d', group: 'retention' },
]
const RETENTION = {
  most_counted: 10_000,
  last: { began_at: '2026-11-21T19:00:00Z', ended_at: '2026-11-21T19:00:05Z', took: { log_ins: 7 } },
  kinds: [
    { kind: 'log_ins', setting: 'retention.log_ins_d', stays: null, due: 3, oldest: '2026-10-01T00:00:00Z' },
    { kind: 'texts', setting: null, stays: 'case', due: 10_000, oldest: null },
    { kind: 'exports', setting: null, stays: 'never_kept', due: 0, oldest: null },
  ],
}
const PAGE = { 'GET /site-settings': SETTINGS, 'GET /retention': RETENTION }

describe('settings of the site', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn({ grants: [{ role: 'administrator', region_id: 1 }], actions: ['manage_users'] })
  })

  it.each(['en', 'zh-CN'] as const)('stand there in %s with where they come from, who changed them, and what held before', async (language) => {
    remember(PAGE)
    const { wrapper, missing } = show(SitePage, language)
    await flushPromises()
    const session = wrapper.get('[data-test="site.session_h"]')
    expect(session.text()).toContain('魏来')
    expect(session.text()).toContain('12')
    expect(wrapper.get('[data-test=kept-log_ins]').text()).toContain('3')
    expect(wrapper.get('[data-test=retention-last]').text()).toContain('7')
    expect(missing).toEqual([])
  })

  it('are sent only within their bounds, which are named', async () => {
    const said = SETTINGS.map((setting) => (setting.name === 'site.session_h' ? { ...setting, value: 16 } : setting))
    const sent = remember({ ...PAGE, 'PUT /site-settings/site.session_h': said })
    const { wrapper } = show(SitePage, 'en')
    await flushPromises()
    const row = wrapper.get('[data-test="site.session_h"]')
    await row.get('input').setValue('8')
    expect(row.get('[role=alert]').text()).toContain('9')
    await row.get('form').trigger('submit')
    expect(sent).toEqual([])
    await row.get('input').setValue('16')
    await row.get('form').trigger('submit')
    await flushPromises()
    await row.get('[data-test=setting-back]').trigger('click')
    await flushPromises()
    expect(sent.map(({ body }) => body)).toEqual([{ value: 16 }, { value: null }])
  })
})
