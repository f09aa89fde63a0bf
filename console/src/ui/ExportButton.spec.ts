import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { eachInAFreshBrowser, foreignWords, remember, show } from '@/testing/pages'

import ExportButton from './ExportButton.vue'

const props = { list: 'incidents', columns: ['number', 'who'], filter: { state: 'open', kind: '', q: 'shen' } }

describe('the file of a list', () => {
  eachInAFreshBrowser({ actions: ['see_incidents', 'export_incidents'] })

  async function press(language: 'zh-CN' | 'en' = 'en') {
    const shown = show(ExportButton as never, language, { props })
    await shown.wrapper.get('[data-test=incidents-export]').trigger('click')
    await flushPromises()
    const items = shown.wrapper.findAll('[role=menuitem]')
    expect(items).toHaveLength(2)
    await items[1]!.trigger('click')
    await flushPromises()
    return shown
  }

  it.each(['zh-CN', 'en'] as const)('is asked for in %s with the columns that are shown and the filter that holds', async (language) => {
    const saved: string[] = []
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:made', revokeObjectURL: () => undefined }))
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(this: HTMLAnchorElement) {
      saved.push(`${this.download} ${this.href}`)
    })
    const sent = remember({ 'POST /lists/incidents/file': 'content' })
    const { wrapper, missing } = await press(language)
    expect(sent).toEqual([{ path: 'POST /lists/incidents/file', body: { format: 'csv', lang: language, columns: ['number', 'who'], filter: { state: 'open', q: 'shen' } } }])
    expect(saved).toEqual(['incidents.csv blob:made'])
    expect(wrapper.find('[role=alert]').exists()).toBe(false)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
  })

  it('says what is too much for one file', async () => {
    const refused = new Response(JSON.stringify({ error: { code: 'too_many_found', message: '', params: { most: 19_999 } } }), { status: 422 })
    remember({ 'POST /lists/incidents/file': refused })
    expect((await press()).wrapper.get('[role=alert]').text()).toContain('More than 19999 rows')
  })
})

describe('for who may not carry a list away', () => {
  eachInAFreshBrowser({ actions: ['see_incidents', 'work_incidents'] })

  it('there is no button', () => expect(show(ExportButton as never, 'en', { props }).wrapper.find('button').exists()).toBe(false))
})
