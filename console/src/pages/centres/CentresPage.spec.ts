import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { eachInAFreshBrowser, foreignWords, show } from '@/testing/pages'

import CentresPage from './CentresPage.vue'

const centre = {
  id: 4, version: 1, name: 'City centre', region_id: 1, region_name: '榆州', region_name_en: 'Yuzhou', way: 'dc09', address: '10.0.0.9:7000', second_address: '', account: '4321', home_digits: 0, receiver: '', line: '0', phone: '12349',
  timeout_s: 5, poll_s: 300, detail: 'code', key_id: '', source: null, reports_taken: false, active: true, has_key: true, has_token: false, has_secret: false,
  tried_at: '2026-11-22T04:12:00Z', heard_at: '2026-11-22T04:12:00Z', trouble: null, trouble_since: null,
}
const down = { ...centre, id: 5, name: 'Old centre', trouble: 'no_connection', trouble_since: '2026-11-22T03:00:00Z', heard_at: null, active: false }
const rule = { id: 7, version: 1, centre_id: 4, centre: 'City centre', region_id: 1, region_name: '榆州', region_name_en: 'Yuzhou', mode: 'unmanned', after_s: 15, kinds: ['sos'], least_priority: 1, begins: 1320, ends: 360, active: true }
const foreseen = [{ rule_id: 7, centre_id: 4, centre: 'City centre', mode: 'unmanned', after_s: 15, why: 'manned', trouble: null }]

describe('other centres', () => {
  eachInAFreshBrowser({ actions: ['manage_escalation'] })

  async function page(language: 'zh-CN' | 'en' = 'en') {
    const sent: { way: string; body: Record<string, unknown> }[] = []
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      const path = url.replace('/api/v1', '')
      if (init.method !== 'GET') sent.push({ way: `${init.method} ${path}`, body: JSON.parse(String(init.body ?? '{}')) })
      if (init.method === 'DELETE') return new Response(null, { status: 204 })
      const answers: Record<string, unknown> = { '/regions': [{ id: 1, path: [1], name: '榆州', name_en: 'Yuzhou' }], '/centres': [centre, down], '/centres/rules': [rule], '/forwarding/foresee': foreseen }
      return new Response(JSON.stringify(init.method === 'PUT' ? centre : answers[path]))
    })
    const shown = show(CentresPage, language)
    await flushPromises()
    return { ...shown, sent }
  }

  it.each(['zh-CN', 'en'] as const)('say in %s whether the path works, and by which rules alarms go', async (language) => {
    const { wrapper, missing } = await page(language)
    expect(wrapper.findAll('[data-test=centre]')).toHaveLength(2)
    expect(wrapper.findAll('[data-test=centre-up]')).toHaveLength(1)
    expect(wrapper.get('[data-test=centre-down]').classes()).toContain('chip--alarm')
    expect(wrapper.get('[data-test=rule]').text()).toContain('22:00–06:00')
    await wrapper.get('[data-test=foresee]').trigger('submit')
    await flushPromises()
    expect(wrapper.get('[data-test=foreseen]').text()).toContain('City centre')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [])).toEqual([])
  })

  it('keep their secrets when they are changed without one', async () => {
    const { wrapper, sent } = await page()
    await wrapper.get('[data-test=centre-change-4]').trigger('click')
    await flushPromises()
    const form = document.querySelector('form.centre')!
    expect(form.querySelector<HTMLInputElement>('[data-test=centre-key]')!.value).toBe('')
    form.dispatchEvent(new Event('submit'))
    await flushPromises()
    expect(sent).toEqual([{ way: 'PUT /centres/4', body: expect.objectContaining({ version: 1, key: null, secret: null, source: null, name: 'City centre' }) }])
  })

  it('get a rule, and lose it when asked twice', async () => {
    const { wrapper, sent } = await page()
    await wrapper.get('[data-test=rule-new]').trigger('click')
    await flushPromises()
    const form = document.querySelector('form.rule')!
    const mode = form.querySelector<HTMLSelectElement>('[data-test=rule-mode]')!
    mode.value = 'untaken'
    mode.dispatchEvent(new Event('change'))
    const kind = form.querySelector<HTMLInputElement>('[data-test=rule-kind-smoke]')!
    kind.click()
    form.dispatchEvent(new Event('submit'))
    await flushPromises()
    expect(document.querySelector('form.rule')).toBe(null)
    await wrapper.get('[data-test=rule-remove-7]').trigger('click')
    expect(sent.map(({ way }) => way)).toEqual(['POST /centres/rules'])
    await wrapper.get('[data-test=rule-remove-7-sure]').trigger('click')
    await flushPromises()
    expect(sent.map(({ way }) => way)).toEqual(['POST /centres/rules', 'DELETE /centres/rules/7'])
    expect(sent[0]!.body).toMatchObject({ centre_id: 4, region_id: 1, mode: 'untaken', kinds: ['smoke'], begins: 0, ends: 0, active: true })
  })

  it('are changed with all that they had, at the version that was read', async () => {
    const { wrapper, sent } = await page()
    await wrapper.get('[data-test=rule-change-7]').trigger('click')
    await flushPromises()
    const form = document.querySelector('form.rule')!
    expect(form.querySelector<HTMLInputElement>('[data-test=rule-begins]')!.value).toBe('22:00')
    expect(form.querySelector<HTMLInputElement>('[data-test=rule-kind-sos]')!.checked).toBe(true)
    form.dispatchEvent(new Event('submit'))
    await flushPromises()
    expect(sent).toEqual([{ way: 'PUT /centres/rules/7', body: { version: 1, centre_id: 4, region_id: 1, mode: 'unmanned', after_s: 15, kinds: ['sos'], least_priority: 1, begins: 1320, ends: 360, active: true } }])
  })

  it.each([
    [{ code: 'centre_elsewhere', params: {} }, 'rule-region', 'Alarms of'],
    [{ code: 'invalid', params: { fields: [{ field: 'body.after_s', reason: 'less_than_equal', message: '' }] } }, 'rule-after', 'After'],
  ])('say what the server refuses at its field: %o', async (error, field, named) => {
    const { wrapper } = await page()
    await wrapper.get('[data-test=rule-new]').trigger('click')
    await flushPromises()
    vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ error: { message: '', ...error } }), { status: 422 }))
    const form = document.querySelector('form.rule')!
    form.dispatchEvent(new Event('submit'))
    await flushPromises()
    expect([...form.querySelectorAll('[aria-invalid=true]')].map((each) => each.getAttribute('data-test'))).toEqual([field])
    expect(form.querySelector('[data-test=rule-problem]')!.textContent).toContain(named)
  })
})
