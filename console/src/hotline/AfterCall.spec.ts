import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import { eachInAFreshBrowser, foreignWords, refusal, remember, show } from '@/testing/pages'

import AfterCall from './AfterCall.vue'
import { card, dispositions, filed, line } from './testing'

const usual = () => ({
  'GET /hotline/dispositions': dispositions, 'GET /hotline/calls/call-1': filed(), 'GET /hotline/cards': [card()], 'POST /residents/search': { items: [] },
  'POST /hotline/calls/call-1/file': filed({ disposition: 'praise', filings: 1, note: '饺子很好' }),
})
const panel = () => document.querySelector<HTMLElement>('[data-test=after-call]')!
const press = async (key: string, target: EventTarget = panel()) => {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  await flushPromises()
}
const filings = (sent: ReturnType<typeof remember>) => sent.filter((each) => each.path.endsWith('/file'))

describe('what was it', () => {
  eachInAFreshBrowser({}, { frozen: true })

  async function mounted(language: 'zh-CN' | 'en' = 'en') {
    const shown = show(AfterCall, language, { props: { callId: 'call-1' } })
    await flushPromises()
    return shown
  }

  it.each([['en', 'Praise', 'Shen Yulan'], ['zh-CN', '表扬', '沈玉兰']] as const)('offers in %s one key per word, and says who it was', async (language, praise, name) => {
    remember(usual())
    const { wrapper, missing } = await mounted(language)
    expect(wrapper.get('[data-test=about-praise]').text()).toBe(`P ${praise}`)
    expect(wrapper.get('h2').text()).toContain(name)
    expect(wrapper.get('h2').text()).toContain('139 1234 5678')
    expect(wrapper.find('[data-test=about-missed]').exists()).toBe(false)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), [card(), line()])).toEqual([])
  })

  it('has the focus, takes a note by a key, and files with one', async () => {
    const sent = remember(usual())
    const { wrapper } = await mounted()
    expect(document.activeElement).toBe(panel())
    await press('/')
    const note = wrapper.get<HTMLTextAreaElement>('[data-test=filing-note]')
    expect(document.activeElement).toBe(note.element)
    await note.setValue('饺子很好')
    await press('p', note.element)
    expect(filings(sent)).toEqual([])
    await press('Escape', note.element)
    expect(document.activeElement).toBe(panel())
    await press('p')
    expect(filings(sent)[0]!.body).toMatchObject({ disposition: 'praise', note: '饺子很好', filings: 0, attach: null })
    expect(wrapper.get('[data-test=filed]').text()).toContain('Praise')
    expect(wrapper.emitted('filed')).toHaveLength(1)
  })

  it('keeps its keys from the page around it, and leaves it all others', async () => {
    remember(usual())
    await mounted()
    const heard: string[] = []
    const listener = (event: KeyboardEvent) => void heard.push(event.key)
    document.addEventListener('keydown', listener)
    await press('p')
    await press('t')
    document.removeEventListener('keydown', listener)
    expect(heard).toEqual(['t'])
  })

  it('opens an alarm only when its key is pressed twice', async () => {
    const sent = remember(usual())
    const { wrapper } = await mounted()
    await press('3')
    expect(wrapper.get('[data-test=sure]').text()).toContain('3')
    await press('Escape')
    expect(wrapper.find('[data-test=sure]').exists()).toBe(false)
    await press('3')
    await press('3')
    expect(filings(sent).map((each) => each.body.disposition)).toEqual(['fall'])
  })

  it('asks who it was before somebody is sent there', async () => {
    const sent = remember({ ...usual(), 'GET /hotline/calls/call-1': filed({ home_id: null, name: null, resident_id: null }) })
    const { wrapper } = await mounted()
    await press('c')
    expect(filings(sent)).toEqual([])
    expect(wrapper.get('[data-test=filing-refused]').text()).toContain('who it was')
    expect(wrapper.find('[data-test=person-search]').exists()).toBe(true)
  })

  it('sends the same word under the same id until it is taken, and another one under another', async () => {
    const answers: Record<string, unknown> = { ...usual(), 'POST /hotline/calls/call-1/file': refusal(503, 'unavailable') }
    const sent = remember(answers)
    await mounted()
    await press('p')
    await press('p')
    await press('w')
    const ids = filings(sent).map((each) => each.body.id)
    expect(ids[0]).toBe(ids[1])
    expect(ids[2]).not.toBe(ids[0])
  })

  it('waits for a call whose row is not written yet', async () => {
    const answers: Record<string, unknown> = { ...usual(), 'GET /hotline/calls/call-1': refusal(404, 'not_found') }
    remember(answers)
    const { wrapper } = await mounted()
    expect(wrapper.find('h2').exists()).toBe(false)
    expect(wrapper.find('[role=alert]').exists()).toBe(false)
    answers['GET /hotline/calls/call-1'] = filed()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(wrapper.get('h2').text()).toContain('Shen Yulan')
  })

  it('shows what somebody else has filed meanwhile, and why ours was refused', async () => {
    const answers: Record<string, unknown> = { ...usual(), 'POST /hotline/calls/call-1/file': refusal(409, 'changed_meanwhile') }
    remember(answers)
    const { wrapper } = await mounted()
    answers['GET /hotline/calls/call-1'] = filed({ disposition: 'prank', filings: 1 })
    await press('p')
    expect(wrapper.get('[data-test=filing-refused]').text()).toContain('Somebody has just changed this')
    expect(wrapper.get('[data-test=filed]').text()).toContain('prank')
  })

  it('files anew with the note that stood there', async () => {
    const sent = remember({ ...usual(), 'GET /hotline/calls/call-1': filed({ disposition: 'praise', filings: 1, note: '饺子很好' }) })
    const { wrapper } = await mounted()
    await press('p')
    expect(filings(sent)).toEqual([])
    await wrapper.get('[data-test=file-anew]').trigger('click')
    await press('w')
    expect(filings(sent)[0]!.body).toMatchObject({ disposition: 'wrong_number', filings: 1, note: '饺子很好' })
  })

  it('says what a simulated or written call is, and whose ear is bad', async () => {
    remember({ ...usual(), 'GET /hotline/calls/call-1': { ...filed({ source: 'simulated', kind: 'red' }), person: { resident_id: 6, hearing: '右耳', dialect: '', talk_note: '', traits: ['deaf'] } } })
    const { wrapper } = await mounted()
    for (const word of ['simulated call', 'red key', 'hard of hearing']) expect(wrapper.text()).toContain(word)
  })

  it('finds a card by words, and says when there is none', async () => {
    const answers: Record<string, unknown> = { ...usual(), 'POST /hotline/cards/search': [] }
    remember(answers)
    const { wrapper } = await mounted()
    expect(wrapper.get('[data-test=card-gas]').attributes('open')).toBeDefined()
    await wrapper.get('[data-test=card-search]').setValue('nothing like it')
    await vi.advanceTimersByTimeAsync(200)
    expect(wrapper.find('[data-test=no-card]').exists()).toBe(true)
  })
})
