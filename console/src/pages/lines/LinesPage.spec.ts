import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { eachInAFreshBrowser, foreignWords, refusal, remember, show } from '@/testing/pages'

import LinesPage from './LinesPage.vue'

const hotline = { id: 4, version: 3, number: '95001', name: '热线', name_en: 'Hotline', kind: 'hotline', region_id: 1, region_name: '榆州', region_name_en: 'Yuzhou', area_code: '0311', hours: [['12345', '08:00', '18:00'], ['7', '09:00', '00:00']], closed_prompt: 'cc-closed', overflow_number: '031188887777', language: 'zh', is_open: true }
const red = { ...hotline, id: 5, number: '95002', name: '红键', name_en: 'Red key', kind: 'red', hours: [], closed_prompt: '', overflow_number: '' }
const old = { ...hotline, id: 6, number: '95003', name_en: 'Old number', is_open: false, hours: [] }
const rule = { begins: '901', digits: null, drops: 2, put: '', note: 'mobile' }
const nine = { begins: '9', digits: null, drops: 1, put: '', note: '' }
const prompt = { id: 1, version: 2, name: 'cc-closed', language: 'zh', said: 'closed now', sha256: 'ab', seconds: 4.2, changed_at: '2026-03-14T01:00:00Z', changed_by: 1, converted: true, was: '44100 Hz, 2 × 16 bit' }
const answers = {
  'GET /regions': [{ id: 1, path: [1], name: '榆州', name_en: 'Yuzhou' }],
  'GET /hotline/lines': [hotline, red, old],
  'GET /hotline/number-rules': { mark: 'm1', rules: [rule, nine] },
  'GET /hotline/prompts': [prompt],
  'PUT /hotline/number-rules': { mark: 'm2', rules: [nine, rule] },
}

describe('telephone lines', () => {
  eachInAFreshBrowser({ actions: ['manage_lines'] })

  async function page(more: Record<string, unknown> = {}, language: 'zh-CN' | 'en' = 'en') {
    const sent = remember({ ...answers, ...more })
    const shown = show(LinesPage, language)
    await flushPromises()
    const type = async (test: string, value: string) => shown.wrapper.get(`[data-test=${test}]`).setValue(value)
    return { ...shown, sent, type }
  }
  const field = <T extends HTMLElement = HTMLInputElement>(test: string) => document.querySelector<T>(`[data-test=${test}]`)!
  const fill = (test: string, value: string) => {
    const at = field(test)
    at.value = value
    at.dispatchEvent(new Event(at.tagName === 'SELECT' ? 'change' : 'input'))
  }

  it.each(['zh-CN', 'en'] as const)('say in %s what each is for, when it is staffed, and which was given back', async (language) => {
    const { wrapper, missing } = await page({}, language)
    const rows = wrapper.findAll('[data-test=line]')
    expect(rows).toHaveLength(3)
    if (language === 'en') {
      expect(rows[0]!.text()).toContain('Mon–Fri 08:00–18:00; Sun 09:00–00:00')
      expect(rows[1]!.text()).toContain('at all hours (red)')
      expect(foreignWords(wrapper.text(), answers)).toEqual([])
    }
    expect(wrapper.findAll('[data-test=line-closed]')).toHaveLength(1)
    expect(wrapper.findAll('[data-test=rule]')).toHaveLength(2)
    expect(wrapper.get('[data-test=prompt]').text()).toContain('closed now')
    expect(missing).toEqual([])
  })

  it('are added with their number', async () => {
    const { wrapper, sent } = await page({ 'POST /hotline/lines': hotline })
    await wrapper.get('[data-test=line-new]').trigger('click')
    await flushPromises()
    fill('line-number', '95004')
    fill('line-name', 'Service')
    fill('line-kind', 'green')
    field('line-hours-add').click()
    await flushPromises()
    document.querySelector('form.line')!.dispatchEvent(new Event('submit'))
    await flushPromises()
    expect(sent).toEqual([{ path: 'POST /hotline/lines', body: expect.objectContaining({ number: '95004', kind: 'green', region_id: 1, hours: [{ weekdays: '12345', from: '08:00', until: '18:00' }] }) }])
    expect(document.querySelector('form.line')).toBe(null)
  })

  it('are closed and keep their number; who takes the red from one is warned', async () => {
    const { wrapper, sent } = await page({ 'PUT /hotline/lines/5': red })
    await wrapper.get('[data-test=line-change-95002]').trigger('click')
    await flushPromises()
    expect(field('line-number').disabled).toBe(true)
    expect(field('line-was-red')).toBe(null)
    field('line-open').click()
    await flushPromises()
    expect(field<HTMLElement>('line-was-red').textContent).toContain('alarms no more')
    document.querySelector('form.line')!.dispatchEvent(new Event('submit'))
    await flushPromises()
    expect(sent[0]!.body).toMatchObject({ version: 3, is_open: false, kind: 'red' })
    expect(sent[0]!.body).not.toHaveProperty('number')
  })

  it('say in words what the server refuses', async () => {
    const { wrapper } = await page({ 'PUT /hotline/lines/4': refusal(422, 'emergency_number') })
    await wrapper.get('[data-test=line-change-95001]').trigger('click')
    await flushPromises()
    document.querySelector('form.line')!.dispatchEvent(new Event('submit'))
    await flushPromises()
    expect(field<HTMLElement>('line-problem').textContent).toContain('emergency number')
  })

  it('show how a number would be read by rules that are not kept yet', async () => {
    const { wrapper, sent, type } = await page({ 'POST /hotline/number-rules/try': { raw: '9-0139', e164: '+8613912345678', presentation: 'shown', rule: 1 } })
    await wrapper.get('[data-test=rule-up-2]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[data-test=rules-changed]').exists()).toBe(true)
    await type('try-number', '9-013912345678')
    await wrapper.get('[data-test=try]').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ path: 'POST /hotline/number-rules/try', body: { number: '9-013912345678', withheld: false, area_code: '0311', rules: [nine, rule] } }])
    expect(wrapper.get('[data-test=tried]').text()).toContain('+8613912345678')
    expect(wrapper.get('[data-test=tried]').text()).toContain('By rule 1')
    await type('try-number', '1')
    expect(wrapper.find('[data-test=tried]').exists(), 'another number was not tried').toBe(false)
  })

  it('keep the rules as a whole, in their order', async () => {
    const { wrapper, sent } = await page()
    expect(wrapper.get('[data-test=rules-save]').attributes('disabled')).toBeDefined()
    await wrapper.get('[data-test=rule-up-2]').trigger('click')
    await wrapper.get('.rules form').trigger('submit')
    await flushPromises()
    expect(sent).toEqual([{ path: 'PUT /hotline/number-rules', body: { mark: 'm1', rules: [nine, rule] } }])
    expect(wrapper.get('[data-test=rules-saved]').text()).toContain('Saved')
  })

  it('without the whole site leave its rules to others', async () => {
    const { wrapper } = await page({ 'GET /hotline/number-rules': refusal(403, 'forbidden') })
    expect(wrapper.findAll('[data-test=line]')).toHaveLength(3)
    expect(wrapper.find('[data-test=rules-elsewhere]').exists()).toBe(true)
    expect(wrapper.find('[data-test=lines-failed]').exists()).toBe(false)
  })

  it('send a recording with the version that it replaces, and say why one is refused', async () => {
    const refused = new Response(JSON.stringify({ error: { code: 'sound_refused', message: '', params: { reason: 'silent' } } }), { status: 422 })
    const { wrapper, sent } = await page({ 'PUT /hotline/prompts/zh/cc-closed': refused })
    expect(wrapper.find('[data-test=prompt-replaces]').exists()).toBe(true)
    const chooser = wrapper.get<HTMLInputElement>('[data-test=prompt-file]')
    Object.defineProperty(chooser.element, 'files', { value: [new File(['RIFF'], 'closed.wav')] })
    await chooser.trigger('change')
    await wrapper.get('.prompts form').trigger('submit')
    await flushPromises()
    expect(sent[0]!.body).toMatchObject({ version: '2' })
    expect(wrapper.get('[data-test=prompt-problem]').text()).toContain('Nothing can be heard')
  })
})
