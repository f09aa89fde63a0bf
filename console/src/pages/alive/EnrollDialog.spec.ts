import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { eachInAFreshBrowser, foreignWords, show } from '@/testing/pages'

import AlivePage from './AlivePage.vue'

const source = { id: 2, version: 1, name: 'dc09', by_secret: false, active: true }
const enrolled = { name: 'attic', file: 'name = "attic"\ntoken = "only once"\n', by: 'dc09' }

describe('enrolling a watchdog', () => {
  eachInAFreshBrowser({ actions: ['see_liveness', 'manage_users'] })

  async function dialog(language: 'zh-CN' | 'en', answer: Response = new Response(JSON.stringify(enrolled), { status: 201 })) {
    const sent: unknown[] = []
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (init.method === 'POST') {
        sent.push(JSON.parse(String(init.body)))
        return answer.clone()
      }
      return new Response(JSON.stringify(url.endsWith('/sources') ? [source] : { now: '2026-11-28T03:10:00Z', looked_at: '2026-11-28T03:10:00Z', items: [] }))
    })
    const shown = show(AlivePage, language)
    await flushPromises()
    await shown.wrapper.get('[data-test=enroll]').trigger('click')
    await flushPromises()
    const by = document.querySelector<HTMLSelectElement>('[data-test=enroll-by]')!
    by.value = 'dc09'
    by.dispatchEvent(new Event('change'))
    await flushPromises()
    for (const [name, value] of Object.entries({ name: 'attic', account: 'EEEE', place: '10.0.0.1:8002', server: 'https://alarms.example' })) {
      const field = document.querySelector<HTMLInputElement>(`[data-test=enroll-${name}]`)!
      field.value = value
      field.dispatchEvent(new Event('input'))
    }
    document.querySelector('form.enroll')!.dispatchEvent(new Event('submit'))
    await flushPromises()
    return { ...shown, sent }
  }

  it.each(['zh-CN', 'en'] as const)('shows its file once, in %s', async (language) => {
    const { wrapper, missing, sent } = await dialog(language)
    expect(sent).toEqual([{ name: 'attic', servers: ['https://alarms.example'], dc09: { source: 'dc09', account: 'EEEE', place: '10.0.0.1:8002' } }])
    expect(document.querySelector('[data-test=enroll-file]')!.textContent).toContain('only once')
    if (language === 'en') expect(foreignWords(document.body.textContent, [])).toEqual([])
    document.querySelector<HTMLElement>('[data-test=enroll-copied]')!.click()
    await flushPromises()
    expect(document.body.textContent).not.toContain('only once')
    expect(wrapper.find('[data-test=enroll]').exists()).toBe(true)
    expect(missing).toEqual([])
  })

  it('says at its field that the account is somebody’s', async () => {
    await dialog('en', new Response(JSON.stringify({ error: { code: 'account_of_somebody', message: '', params: {} } }), { status: 409 }))
    expect([...document.querySelectorAll('[aria-invalid=true]')].map((each) => each.getAttribute('data-test'))).toEqual(['enroll-account'])
    expect(document.querySelector('[data-test=enroll-problem]')!.textContent).toContain('device of somebody')
  })
})
