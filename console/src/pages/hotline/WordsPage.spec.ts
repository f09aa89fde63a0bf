import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { card, dispositions } from '@/hotline/testing'
import { eachInAFreshBrowser, foreignWords, refusal, remember, show } from '@/testing/pages'

import WordsPage from './WordsPage.vue'

const usual = { 'GET /hotline/dispositions': dispositions, 'GET /hotline/cards/all': [card()] }

describe('what calls may be about', () => {
  eachInAFreshBrowser()

  async function opened(language: 'zh-CN' | 'en' = 'en') {
    const shown = show(WordsPage, language)
    await flushPromises()
    return shown
  }

  it.each(['en', 'zh-CN'] as const)('stands in %s as a tree, built-in ones as such', async (language) => {
    remember(usual)
    const { wrapper, missing } = await opened(language)
    expect(wrapper.findAll('[data-test=disposition-row]')).toHaveLength(dispositions.length)
    await wrapper.get('[data-test=edit-fall]').trigger('click')
    await wrapper.get('[data-test=words-cards]').trigger('click')
    await wrapper.get('[data-test=edit-card-gas]').trigger('click')
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), card())).toEqual([])
  })

  it('changes one, and says which key is in use', async () => {
    const answers: Record<string, unknown> = { ...usual, 'PUT /hotline/dispositions/praise': refusal(409, 'key_used') }
    const sent = remember(answers)
    const { wrapper } = await opened()
    await wrapper.get('[data-test=edit-praise]').trigger('click')
    await wrapper.get('[data-test=d-key]').setValue('W')
    await wrapper.get('[data-test=disposition-form]').trigger('submit')
    await flushPromises()
    expect(sent.at(-1)?.body).toMatchObject({ version: 1, key: 'w', opens: 'nothing', of_kind: null, due_minutes: null })
    expect(wrapper.get('[data-test=disposition-refused]').text()).toContain('in use')
  })

  it('adds a new one that opens an alarm of a kind', async () => {
    const sent = remember({ ...usual, 'PUT /hotline/dispositions/smoke': dispositions })
    const { wrapper } = await opened()
    await wrapper.get('[data-test=words-new]').trigger('click')
    for (const [field, value] of [['d-code', 'smoke'], ['d-zh', '冒烟'], ['d-en', 'Smoke']]) await wrapper.get(`[data-test=${field}]`).setValue(value)
    await wrapper.get('[data-test=d-opens]').setValue('incident')
    await wrapper.get('[data-test=disposition-form]').trigger('submit')
    await flushPromises()
    expect(sent.at(-1)).toMatchObject({ path: 'PUT /hotline/dispositions/smoke', body: { version: 0, opens: 'incident', of_kind: 'sos' } })
  })

  it('writes a card anew and shows what it said before', async () => {
    const versions = [{ n: 0, title_zh: '闻到燃气味', title_en: 'A smell of gas', text_zh: '旧', text_en: 'old words', is_offered: true, written_at: null, written_by_name: '' }]
    const sent = remember({ ...usual, 'PUT /hotline/cards/gas': [card({ n: 1 })], 'GET /hotline/cards/gas/versions': versions })
    const { wrapper } = await opened()
    await wrapper.get('[data-test=words-cards]').trigger('click')
    await wrapper.get('[data-test=edit-card-gas]').trigger('click')
    await wrapper.get('[data-test=c-versions]').trigger('click')
    await flushPromises()
    expect(wrapper.get('[data-test=card-version]').text()).toContain('old words')
    await wrapper.get('[data-test=c-text-en]').setValue('new words')
    await wrapper.get('[data-test=card-form]').trigger('submit')
    await flushPromises()
    expect(sent.at(-1)?.body).toMatchObject({ n: 0, text_en: 'new words', dispositions: ['gas_smell'] })
  })
})
