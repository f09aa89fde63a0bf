import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fillBrowser, logIn, refusal, serve, show } from '@/testing/pages'
import { incident } from '@/testing/views'

import UnassignDialog from './UnassignDialog.vue'

const found = incident({ id: 'a', home_id: 2, state: 'taken', taken_by: 1 })
const draft = { recipient: '139****0222', contact_id: 2, contact_name: '周晓梅', contact_name_latin: 'Zhou Xiaomei', relation: '女儿', relation_en: 'daughter', language: 'en', kind: 'correction', text: 'Correction: it was not Shen Yulan who called.' }

describe('a caller who was taken for somebody else', () => {
  let sent: { url: string; body: Record<string, unknown> }[]

  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn()
    sent = []
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  function open(preview: unknown = [draft]) {
    serve({ '/incidents/a/unassign/preview': preview, '/incidents/a/unassign': { ...found, version: 2, home_id: null } })
    const before = fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      sent.push({ url, body: JSON.parse(init.body as string) as Record<string, unknown> })
      return before(url, init)
    })
    return show(UnassignDialog, 'en', { props: { incident: found, name: 'Shen Yulan' } })
  }

  it('is unknown again once it is said why, and the text of correction is read before', async () => {
    const { wrapper, missing } = open()
    await flushPromises()
    expect(wrapper.find('[data-test=unassign-told]').text()).toContain(draft.text)
    await wrapper.find('form').trigger('submit')
    expect(sent.map((each) => each.url)).toEqual(['/api/v1/incidents/a/unassign/preview'])
    expect(wrapper.find('[role=alert]').exists()).toBe(true)
    await wrapper.find('[data-test=unassign-reason]').setValue(' it is the neighbour ')
    await wrapper.find('form').trigger('submit')
    await flushPromises()
    expect(sent[1]?.body.reason).toBe('it is the neighbour')
    expect(wrapper.emitted('done')).toHaveLength(1)
    expect(missing).toEqual([])
  })

  it('says that the home has called itself, before anything is written', async () => {
    const { wrapper, missing } = open(refusal(409, 'home_has_called'))
    await flushPromises()
    expect(wrapper.find('[role=alert]').text()).toContain('This home has called itself')
    expect(missing).toEqual([])
  })
})
