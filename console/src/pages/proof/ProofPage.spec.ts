import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'

import type { Proof, ProofHead } from '@/api/proofs'
import { away, eachInAFreshBrowser, foreignWords, refusal, remember, serve, show } from '@/testing/pages'

import ProofPage from './ProofPage.vue'

const head = (parts: Partial<ProofHead> = {}): ProofHead => ({
  id: 'p-1', since: '2026-11-21T16:00:00Z', until: '2026-11-22T16:00:00Z', asked_at: '2026-11-23T01:00:00Z', asked_by_name: 'Lin', ended_at: '2026-11-23T01:01:00Z', failure: null, clean: false, ...parts,
})
const proof = (parts: Partial<Proof> = {}): Proof => ({
  ...head(),
  lines: [
    { check: 'received', verdict: 'clean', title: 'Signals', figures: [{ label: 'received', value: '12' }], findings: [], found: 0, hidden: 0 },
    { check: 'open', verdict: 'findings', title: 'Open', figures: [], findings: [{ code: 'forgotten', noted: false, said: 'nobody watches', incident_id: 'i', number: 7 }], found: 4, hidden: 2 },
  ],
  ...parts,
})

async function page(language: 'zh-CN' | 'en' = 'en') {
  const shown = show(ProofPage, language)
  await flushPromises()
  return shown
}

describe('the page of proofs', () => {
  eachInAFreshBrowser({ actions: ['prove', 'see_incidents'], grants: [{ role: 'supervisor', region_id: 3 }] })

  it.each(['zh-CN', 'en'] as const)('says in %s what came of a proof, and where to look', async (language) => {
    serve({ '/proofs': [head()], '/proofs/p-1': proof() })
    const { wrapper, missing } = await page(language)
    await wrapper.get('[data-test=proof-one]').trigger('click')
    await flushPromises()
    const open = wrapper.get('[data-test=proof-open]')
    expect(open.text()).toContain('nobody watches')
    expect(open.get('a').attributes('href')).toBe(`/api/v1/incidents/i/print?lang=${language}`)
    expect(open.text()).toContain(language === 'en' ? '1 more are not listed' : '另有 1 条未列出')
    expect(open.text()).toContain(language === 'en' ? '2 more are of regions' : '另有 2 条属于')
    expect(wrapper.get('[data-test=proof-page]').attributes('href')).toBe(`/api/v1/proofs/p-1/page?lang=${language}`)
    expect(missing).toEqual([])
    if (language === 'en') expect(foreignWords(wrapper.text(), '')).toEqual([])
  })

  it('asks for days in the region of whoever may, and looks until it has ended', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const answers: Record<string, unknown> = { 'GET /proofs': [], 'POST /proofs': head({ ended_at: null, clean: null }) }
    const sent = remember(answers)
    const { wrapper } = await page()
    expect(wrapper.find('[data-test=proof-none]').exists()).toBe(true)
    const [from, to] = wrapper.findAll('input')
    await from!.setValue('2026-11-22')
    await to!.setValue('2026-11-22')
    answers['GET /proofs'] = [head({ ended_at: null, clean: null })]
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(sent[0]!.body).toMatchObject({ region_id: 3, from_day: '2026-11-22', to_day: '2026-11-22' })
    expect(wrapper.get('[data-test=proof-state]').text()).toBe('Being worked out…')
    answers['GET /proofs'] = [head({ clean: true })]
    answers['GET /proofs/p-1'] = proof({ clean: true, lines: [] })
    await vi.advanceTimersByTimeAsync(2_000)
    await flushPromises()
    expect(wrapper.get('[data-test=proof-state]').text()).toBe('Everything holds')
    vi.useRealTimers()
  })

  it('says why nothing came of one', async () => {
    serve({ '/proofs': [head({ clean: null, failure: 'too_long' })] })
    const { wrapper } = await page()
    expect(wrapper.get('[data-test=proof-one]').text()).toContain('Given up after 20 minutes')
  })

  it('says what is refused, and waits while the office is away', async () => {
    remember({ 'GET /proofs': [], 'POST /proofs': refusal(409, 'proof_running') })
    const { wrapper } = await page()
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(wrapper.get('[role=alert]').text()).toContain('has not ended')
    serve({ '/proofs': away() })
    const other = await page()
    expect(other.wrapper.text()).not.toContain('Something does not hold')
    expect(other.wrapper.find('[data-test=proof-none]').exists()).toBe(false)
  })
})
