import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { away, fillBrowser, foreignWords, logIn, refusal, serve, show } from '@/testing/pages'

import routes from './routes'
import UnreadPage from './UnreadPage.vue'

const wrong = {
  source: 'dc09', peer: '10.0.0.9', identifier: null, reason: 'crc', detail: 'the CRC is wrong', count: 7, first_at: '2026-11-22T04:00:00Z', last_at: '2026-11-22T05:00:00Z',
  samples: [{ at: '2026-11-22T05:00:00Z', size: 24, hex: '0a 30 30', text: '.00<b>"NULL"' }],
}
const keyless = { ...wrong, peer: null, identifier: 'A101', reason: 'no_key', detail: 'no key is known for account A101' }
const other = { ...wrong, reason: 'other', detail: 'something new' }

describe('the page of what cannot be read', () => {
  beforeEach(async () => {
    setActivePinia(createPinia())
    fillBrowser()
    await logIn()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.replaceChildren()
  })

  async function page(language: 'zh-CN' | 'en' = 'en') {
    const shown = show(UnreadPage, language)
    await flushPromises()
    return shown
  }

  it.each([['en', 'the check sum (CRC) is wrong'], ['zh-CN', '校验码（CRC）不对']] as const)('says in %s who talks and why nobody understands', async (language, told) => {
    serve({ '/unread': { items: [wrong, keyless, other], looked_at: 200_000 } })
    const { wrapper, missing } = await page(language)
    const rows = wrapper.findAll('[data-test=unread-row]')
    expect(rows[0]?.text()).toContain(told)
    expect(rows[0]?.text()).toContain('7')
    expect(rows[1]?.text()).toContain('A101')
    expect(rows[2]?.text()).toContain('something new')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), wrong)).toEqual([])
  })

  it('shows bytes as text and never as markup, behind a heading that the keyboard opens', async () => {
    serve({ '/unread': { items: [wrong], looked_at: 200_000 } })
    const { wrapper } = await page()
    expect(wrapper.find('details summary').exists()).toBe(true)
    expect(wrapper.find('[data-test=unread-text]').text()).toBe('.00<b>"NULL"')
    expect(wrapper.find('[data-test=unread-hex]').text()).toBe('0a 30 30')
    expect(wrapper.find('code b').exists()).toBe(false)
    expect(wrapper.find('[role=region]').attributes('tabindex')).toBe('0')
  })

  it('says that everything was read, and looks again when it is asked', async () => {
    serve({ '/unread': { items: [], looked_at: 200_000 } })
    const { wrapper } = await page()
    expect(wrapper.find('[data-test=unread-none]').text()).toContain('200000')
    serve({ '/unread': { items: [wrong], looked_at: 200_000 } })
    await wrapper.find('[data-test=unread-again]').trigger('click')
    await flushPromises()
    expect(wrapper.findAll('[data-test=unread-row]')).toHaveLength(1)
  })

  it('waits for an office that is away, and says what is refused', async () => {
    serve({ '/unread': away() })
    expect((await page()).wrapper.find('[data-test=office-away]').exists()).toBe(true)
    serve({ '/unread': refusal(403, 'forbidden') })
    expect((await page()).wrapper.find('[role=alert]').exists()).toBe(true)
  })

  it('stands in the menu of administrators alone', () => {
    expect(routes[0]?.meta).toMatchObject({ nav: 'unread.nav', action: 'manage_users' })
  })
})
